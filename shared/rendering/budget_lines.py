"""Error budgets as lines of plain text."""

from collections.abc import Iterable

from shared.domain.budgets import Budget
from shared.domain.rules import Unit
from shared.rendering.figures import amount, figure, scale_of
from shared.rendering.report_names import GAPS, OBJECTIVES, named
from shared.rendering.report_times import short_moment
from shared.rendering.view import span


def budget_lines(budgets: Iterable[Budget]) -> list[str]:
    """A line for each: what is promised, what is left, how fast it goes, and when nothing will be left."""
    return [_line(one).replace("\u00a0", " ") for one in budgets]


def _line(one: Budget) -> str:
    name = named(one.objective.name, OBJECTIVES, "en")
    promised = f"{name} ({_percent(one.objective.percent)} over {span(one.objective.window)})"
    if one.left is None or one.burn is None:
        return f"{promised}: {named(one.gap or '', GAPS, 'en')}"
    left = f"overspent by {_percent(-one.left)}" if one.is_overspent else f"{_percent(one.left)} of the budget is left"
    failed = f"{one.bad:,} of {one.events:,} failed"
    return f"{promised}: {left}, {failed}, burn rate {figure(one.burn)}{_end(one)}"


def _end(one: Budget) -> str:
    if one.spent_at is None:
        return ""
    at = f"{short_moment(one.spent_at, 'en')} Cairo time"
    return f"; used up {at}" if one.is_spent else f"; at the rate of the last day it is used up {at}"


def _percent(value: float) -> str:
    return amount(value, scale_of(Unit.PERCENT, value))
