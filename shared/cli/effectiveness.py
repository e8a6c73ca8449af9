"""`soukmon effectiveness`: how well alerting worked."""

import json
from datetime import timedelta

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli.main import cli
from shared.cli.state_folder import STATE, use
from shared.domain.effectiveness import Figures
from shared.rendering.effectiveness import effectiveness_lines
from shared.usecases.effectiveness import SPAN
from shared.usecases.effectiveness import effectiveness as measured


@cli.command()
@click.option("--days", default=SPAN.days, show_default=True, type=click.IntRange(1, 3_650), help="How far back.")
@click.option("--json", "as_json", is_flag=True)
@STATE
def effectiveness(days: int, state: str, *, as_json: bool) -> None:
    """How many alerts were not useful, and how soon somebody answered; in total and for each rule."""
    use(state)
    length = timedelta(days=days)
    found = measured(store=bootstrap.state(), clock=SystemClock(), length=length)
    if as_json:
        rules = {name: _figures(figures) for name, figures in found.rules.items()}
        click.echo(json.dumps({"days": days, "total": _figures(found.total), "rules": rules}, ensure_ascii=False))
    else:
        click.echo("\n".join(effectiveness_lines(found, length)))


def _figures(figures: Figures) -> dict[str, float | None]:
    wait, lasted = figures.mean_time_to_acknowledge, figures.mean_time_to_resolve
    return {
        "told": figures.told,
        "not_useful": figures.not_useful,
        "false_positive_rate": figures.false_positive_rate,
        "acknowledged": figures.acknowledged,
        "mean_seconds_to_acknowledge": None if wait is None else wait.total_seconds(),
        "over": figures.over,
        "mean_seconds_to_resolve": None if lasted is None else lasted.total_seconds(),
    }
