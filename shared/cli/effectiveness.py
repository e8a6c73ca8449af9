"""`soukmon effectiveness`: how well alerting worked, and which of our promises were kept."""

import json
from collections.abc import Mapping
from datetime import timedelta

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli.main import cli
from shared.cli.state_folder import STATE, open_warehouse, use
from shared.domain.effectiveness import Figures
from shared.domain.figures import Figure
from shared.errors import ConfigurationError
from shared.ports.warehouse import Warehouse
from shared.rendering.effectiveness import effectiveness_lines, success_lines
from shared.usecases.effectiveness import SPAN
from shared.usecases.effectiveness import effectiveness as measured
from shared.usecases.success import read_success


@cli.command()
@click.option("--days", default=SPAN.days, show_default=True, type=click.IntRange(1, 3_650), help="How many days back.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@STATE
def effectiveness(days: int, state: str, *, as_json: bool) -> None:
    """How many alerts were useful, how soon we answered.

    In total and by rule; and every promise of ours against its target.
    """
    use(state)
    length, clock, store = timedelta(days=days), SystemClock(), bootstrap.state()
    found = measured(store=store, clock=clock, length=length)
    config = bootstrap.config()
    promises = read_success(length, config=config, store=store, warehouse=_warehouse(), now=clock.now())
    if as_json:
        rules = {name: _figures(figures) for name, figures in found.rules.items()}
        success = {one.metric.name: _promise(one) for one in promises}
        made = {"days": days, "total": _figures(found.total), "rules": rules, "success": success}
        click.echo(json.dumps(made, ensure_ascii=False))
    else:
        click.echo("\n".join([*effectiveness_lines(found, length), "", *success_lines(promises)]))


def _warehouse() -> Warehouse | None:
    """What our own records say is told even while another process has the warehouse."""
    try:
        return open_warehouse()
    except ConfigurationError as error:
        click.echo(f"soukmon: {error}", err=True)
        return None


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


def _promise(one: Figure) -> Mapping[str, float | str | bool | None]:
    """In the metric's unit; `gap` says why there is no value, or that it is not whole yet."""
    return {
        "value": one.value,
        "unit": one.metric.unit,
        "target": one.metric.target,
        "at_least": one.metric.at_least,
        "standing": one.standing,
        "before": one.before,
        "count": one.count,
        "gap": one.gap,
    }
