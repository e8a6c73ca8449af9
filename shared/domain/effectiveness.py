"""How well alerting works: how many alerts were not useful, how soon somebody took the others, how long they were.

What counts, here and in the success metrics made of the same incidents (`success`):

* An incident counts once, in the span in which it opened, if anybody was told of it.
* Muted (a silence, a worse incident, maintenance, the night): not at all while nobody was told; once somebody is, its
  time to acknowledge runs from that first message.
* What a storm took in, and the storm itself, do not count; nor do rehearsals and whatever else is a test.
* Merged into another: not at all, its survivor stands for it.
* Not acknowledged: it has no time to acknowledge, and so changes no mean; how many there were is told beside it.
* Reopened: it is the same incident. Its first acknowledgement counts, and its length is from its first opening to its
  last end; while it goes on it has none. Mitigated is not over.
* Not useful: somebody judged it so, or late data took it back, whatever else became of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domain.incidents import Incident
from shared.domain.signals import TEST_SOURCE

STORM = "soukmon.storm"
CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a number of incidents come to; a figure without anything to rest on is None, never 0."""

    told: int = 0
    not_useful: int = 0
    acknowledged: int = 0
    waited: timedelta = timedelta(0)
    over: int = 0
    lasted: timedelta = timedelta(0)

    @property
    def false_positive_rate(self) -> float | None:
        """The share (0 to 1) of alerts that nobody needed."""
        return self.not_useful / self.told if self.told else None

    @property
    def mean_time_to_acknowledge(self) -> timedelta | None:
        """Over the incidents that somebody acknowledged."""
        return self.waited / self.acknowledged if self.acknowledged else None

    @property
    def mean_time_to_resolve(self) -> timedelta | None:
        """Over the incidents that are over, from their first opening to their last end; mitigated is not over."""
        return self.lasted / self.over if self.over else None


@dataclass(frozen=True, slots=True)
class Effectiveness:
    """All incidents together, and each rule by its name."""

    total: Figures
    rules: Mapping[str, Figures] = field(default_factory=dict)


def effectiveness(incidents: Iterable[Incident]) -> Effectiveness:
    """The figures of incidents, open and closed; those that do not count are left out."""
    counted = [incident for incident in incidents if counts(incident)]
    rules = sorted({incident.rule for incident in counted})
    return Effectiveness(
        figures(counted), {rule: figures(one for one in counted if one.rule == rule) for rule in rules}
    )


def false_positive_rate(incidents: Iterable[Incident]) -> float | None:
    """The share (0 to 1) judged not useful or corrected by late data; None when nobody was told of anything."""
    return effectiveness(incidents).total.false_positive_rate


def counts(incident: Incident) -> bool:
    """True for incidents people were told of, each once (see above)."""
    is_part = bool(incident.storm or incident.merged_into) or incident.alert_type == STORM
    return told_at(incident) is not None and not is_part and incident.source != TEST_SOURCE


def told_at(incident: Incident) -> datetime | None:
    """When somebody was first told of it; None for what nobody was told of."""
    if incident.first_told_at is None and incident.last_told_at is not None:
        return incident.opened_at  # not written yet, or written before the first message was kept
    return incident.first_told_at


def time_to_acknowledge(incident: Incident) -> timedelta | None:
    """From the first message to the first acknowledgement; whoever saw it even before that took no time."""
    told, taken = told_at(incident), incident.first_acknowledged_at
    return None if told is None or taken is None else max(taken - told, timedelta(0))


def time_to_resolve(incident: Incident) -> timedelta | None:
    """From its first opening to its last end; an end that the event dates before the opening took no time."""
    end = incident.resolved_at
    return None if end is None else max(end - incident.opened_at, timedelta(0))


def was_not_useful(incident: Incident) -> bool:
    """True when somebody judged it so, or late data took it back."""
    return bool(incident.judged) or CORRECTED in incident.values


def figures(incidents: Iterable[Incident]) -> Figures:
    """The figures of those given, whichever they are."""
    found = list(incidents)
    lengths = [length for one in found if (length := time_to_resolve(one)) is not None]
    waits = [wait for one in found if (wait := time_to_acknowledge(one)) is not None]
    return Figures(
        told=len(found),
        not_useful=sum(was_not_useful(one) for one in found),
        acknowledged=len(waits),
        waited=sum(waits, timedelta(0)),
        over=len(lengths),
        lasted=sum(lengths, timedelta(0)),
    )
