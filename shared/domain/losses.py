"""What a number of incidents cost together, from what each is assessed at; never the same loss twice."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.impact_statements import Figure, Statement

Loss = tuple[datetime, datetime, float]  # since, until, how much


@dataclass(frozen=True, slots=True)
class Losses:
    """Orders and revenue (in `currency`) lost, None where no statement knows; `unknown` is of how many none does."""

    orders: float | None = None
    revenue: float | None = None
    currency: str = ""
    unknown: int = 0


def losses(statements: Sequence[Statement]) -> Losses:
    """What they come to; "not known" is not nothing, and so is counted beside."""
    unknown = sum(
        all(value_of(one, figure) is None for figure in (Figure.ORDERS, Figure.REVENUE)) for one in statements
    )
    currency = next((one.currency for one in statements), "")
    return Losses(_total(statements, Figure.ORDERS), _total(statements, Figure.REVENUE), currency, unknown)


def value_of(statement: Statement | None, figure: Figure) -> float | None:
    """The figure of the statement; None when it is not known."""
    estimates = () if statement is None else statement.estimates
    return next((one.value for one in estimates if one.figure is figure), None)


def _total(statements: Iterable[Statement], figure: Figure) -> float | None:
    known = [(one.since, one.until, value) for one in statements if (value := value_of(one, figure)) is not None]
    return most_apart(known) if known else None


def most_apart(known: Iterable[Loss]) -> float:
    """The most that losses come to whose spans do not overlap.

    Each is of the whole marketplace while its incident went on, so two of the same minutes hold the same loss: what is
    sure is the sum of those apart. (Weighted interval scheduling: the best up to each end, from the earlier ones.)
    """
    ordered = sorted(known, key=lambda one: one[1])
    ends = [until for _, until, _ in ordered]
    best = [0.0]
    for number, (since, _, value) in enumerate(ordered):
        best.append(max(best[-1], best[bisect_right(ends, since, hi=number)] + value))
    return best[-1]
