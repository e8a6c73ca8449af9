"""The effectiveness of alerting as lines of plain text."""

from collections.abc import Iterable
from datetime import timedelta

from shared.domain.effectiveness import Effectiveness, Figures
from shared.domain.figures import Figure
from shared.rendering.report_figures import figure_row
from shared.rendering.view import span

NOT_AVAILABLE = "n/a"


def effectiveness_lines(found: Effectiveness, length: timedelta) -> list[str]:
    """The total first, then each rule, the noisiest at the top."""
    rules = sorted(found.rules.items(), key=lambda item: (-item[1].not_useful, item[0]))
    return [
        f"Last {length.days} days: {_figures(found.total)}",
        *(f"{name}: {_figures(figures)}" for name, figures in rules),
    ]


def success_lines(promises: Iterable[Figure]) -> list[str]:
    """Each promise with what it came to, its target and whether it was kept."""
    rows = (figure_row(one, "en") for one in promises)
    return [f"{row.name}: {row.value} ({row.target}): {row.state.lower()}".replace("\u00a0", " ") for row in rows]


def _figures(figures: Figures) -> str:
    rate = figures.false_positive_rate
    share = NOT_AVAILABLE if rate is None else f"{rate:.1%}"
    took, lasted = _length(figures.mean_time_to_acknowledge), _length(figures.mean_time_to_resolve)
    return (
        f"{figures.told} told, {figures.not_useful} not useful ({share}), "
        f"{figures.acknowledged} acknowledged, mean time to acknowledge {took}, "
        f"{figures.over} over, mean time to resolve {lasted}"
    )


def _length(mean: timedelta | None) -> str:
    return NOT_AVAILABLE if mean is None else span(mean)
