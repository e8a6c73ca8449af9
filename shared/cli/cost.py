"""`soukmon cost`: what an installation costs in a month, on paper."""

import re

import click

from shared import bootstrap
from shared.cli.main import cli

VOLUMES = ("1k", "100k", "10M")
WORDS = {"": 1, "k": 1_000, "M": 1_000_000}


@cli.command()
@click.option(
    "--events", "volumes", multiple=True, default=VOLUMES, show_default=True, help="Events a day: 500, 20k, 3M."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with every function's calls.")
def cost(*, volumes: tuple[str, ...], as_json: bool) -> None:
    """The month's bill on paper, in US dollars.

    For so many requests of the marketplace a day, from the configuration and an embedded run.
    """
    from infra.tools.cost import printing  # noqa: PLC0415 - only this command counts
    from infra.tools.cost.bill import bill, world  # noqa: PLC0415
    from infra.tools.cost.lists import assumptions, price_list  # noqa: PLC0415

    events = [_number(volume) for volume in volumes]
    found = world(bootstrap.config())
    bills = [bill(found, volume) for volume in events]
    if as_json:
        click.echo(printing.as_json(bills, price_list(), assumptions()))
        return
    for line in (
        *printing.table(bills, price_list()),
        *printing.basis(bills, price_list(), assumptions(), found.measured),
    ):
        click.echo(line)


def _number(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([kM]?)", text)
    if found is None:
        raise click.BadParameter(f"{text} is no volume; write 1k, 100k or 10M", param_hint="--events")
    return float(found[1]) * WORDS[found[2]]
