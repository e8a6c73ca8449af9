"""How useful alerts were: who was called in vain, who answered late, and whom the night hid them from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.effectiveness import Figures, counts, figures, told_at
from shared.domain.incidents import Incident
from shared.domain.severities import Severity, SeverityPromise

Promised = Callable[[str, Severity], SeverityPromise]  # what an incident of that rule and severity is promised


@dataclass(frozen=True, slots=True)
class Quality:
    """What a number of alerts come to.

    `late`: nobody took it by when its severity promises an answer. `slept_through`: that, and it was told at night;
    None where nothing says when night is.
    """

    figures: Figures
    late: int = 0
    slept_through: int | None = None

    @property
    def useful(self) -> int:
        """Those that nobody called useless."""
        return self.figures.told - self.figures.not_useful


def quality(
    incidents: Iterable[Incident],
    until: datetime,
    *,
    promised: Promised,
    is_night: Callable[[datetime], bool] | None = None,
) -> Quality:
    """The quality of the alerts that count (see effectiveness); `until` is the instant by which they are judged."""
    counted = [one for one in incidents if counts(one)]
    late = [one for one in counted if was_late(one, promised, until)]
    slept = None if is_night is None else sum(is_night(told_at(one) or one.opened_at) for one in late)
    return Quality(figures(counted), len(late), slept)


def was_late(incident: Incident, promised: Promised, until: datetime) -> bool:
    """True when nobody took it in time, by the clock of its own policy; what ended by itself before needed nobody."""
    told = told_at(incident)
    if told is None:
        return False
    within = promised(incident.rule, incident.severity).acknowledge_within
    by = incident.ladder.policy.elapsed_at(told, within)
    answered = min(
        (at for at in (incident.first_acknowledged_at, incident.resolved_at) if at is not None), default=until
    )
    return answered > by
