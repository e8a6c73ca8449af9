"""`soukmon chaos`: faults at every side effect of every alert, and proof that everybody was told all the same."""

import json
import os
from dataclasses import asdict
from datetime import timedelta

import click

from shared.cli import completing
from shared.cli.main import NotFineError, cli

WIDTH = 34
MOST_TWICE = 1  # a fault may bring one message again: rather a duplicate than a miss


@cli.command()
@click.option(
    "--alert", "chosen", multiple=True, help="Only this one (again for more).", shell_complete=completing.metric_rules
)
@click.option("--thorough", is_flag=True, help="Every crossing of every boundary; else the first and the last of each.")
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, help="Trials at a time.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the lines, and each trial beyond the bar.")
def chaos(chosen: tuple[str, ...], *, thorough: bool, workers: int, as_json: bool) -> None:
    """Fault every side effect; tell who was not told.

    Each trial plays one alert on a platform of its own, with one fault: the process killed, an engine or provider that
    fails or loses its answer, a message that comes twice or late, before and after each commit, publication, sending
    and call; and what can be the matter with everything at once. Takes many minutes. Exit 1 when a message was lost, or
    one fault brought more than one again.
    """
    from infra.local.chaos import campaign  # noqa: PLC0415 - the local platform is needed here alone

    known = campaign.alerts()
    if unknown := set(chosen) - set(known):
        raise click.UsageError(f"there is no alert {', '.join(sorted(unknown))}; write one of {', '.join(known)}")

    def tell(done: int, count: int) -> None:
        if not as_json and (done == count or done % 50 == 0):
            click.echo(f"{done} of {count} trials", err=True)

    outcomes = campaign.campaign(chosen or known, thorough=thorough, workers=workers, tell=tell)
    lines = campaign.lines(outcomes)
    bad = [one for one in outcomes if one.lost or one.duplicated > MOST_TWICE]
    if as_json:
        found = {"lines": [asdict(one) for one in lines], "bad": [asdict(one) for one in bad]}
        click.echo(json.dumps(found, default=_seconds, indent=2))
    else:
        head = ("injected", "lost", "replaced", "twice", "worst", "later by", "at most")
        click.echo(f"{'fault':<{WIDTH}}" + "".join(f" {word:>8}" for word in head))
        for one in lines:
            counts = (one.injected, one.lost, one.replaced, one.duplicated, one.worst)
            later = (f"{_seconds(length):.0f} s" for length in (one.usual_recovery, one.longest_recovery))
            click.echo(f"{one.fault:<{WIDTH}}" + "".join(f" {figure:>8}" for figure in (*counts, *later)))
        for trial in bad:
            click.echo(f"{trial.alert}, {trial.fault} at {trial.where}: {trial.lost} lost, {trial.duplicated} again")
    if bad:
        raise NotFineError


def _seconds(length: timedelta) -> float:
    return length.total_seconds()
