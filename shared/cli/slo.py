"""`soukmon slo`: what is left of every error budget."""

import json
from collections.abc import Mapping

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, open_warehouse, use
from shared.domain.budgets import Budget
from shared.domain.figures import Gap
from shared.rendering.budget_lines import budget_lines
from shared.usecases.budgets import read_budgets


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@STATE
def slo(state: str, *, as_json: bool) -> None:
    """What is left of every error budget, and for how long.

    Exit 1 if one is overspent or cannot be read.
    """
    use(state)
    now = SystemClock().now()
    found = read_budgets(now, config=bootstrap.config(), warehouse=open_warehouse())
    if as_json:
        objectives = {name: _budget(one) for name, one in found.items()}
        click.echo(json.dumps({"at": now.isoformat(), "objectives": objectives}, ensure_ascii=False))
    else:
        click.echo("\n".join(budget_lines(found.values())) or "slos.yaml names no objective")
    if any(one.is_overspent or one.gap is Gap.FAILED for one in found.values()):
        raise NotFineError


def _budget(one: Budget) -> Mapping[str, float | str | None]:
    """Percents as 0 to 100; `left` is negative when it is overspent. Either it was `spent_at` or it `runs_out_at`."""
    at = None if one.spent_at is None else one.spent_at.isoformat()
    return {
        "metric": one.objective.metric,
        "objective": one.objective.percent,
        "window_seconds": one.objective.window.total_seconds(),
        "events": one.events,
        "bad": one.bad,
        "left": one.left,
        "burn_rate": one.burn,
        "spent_at": at if one.is_spent else None,
        "runs_out_at": None if one.is_spent else at,
        "gap": one.gap,
    }
