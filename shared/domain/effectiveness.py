"""How well alerting works: how many alerts were not useful, how soon somebody took the others, how long they were."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

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
    """The figures of incidents, open and closed; see `counts` for those left out."""
    counted = [incident for incident in incidents if counts(incident)]
    rules = sorted({incident.rule for incident in counted})
    return Effectiveness(
        figures(counted), {rule: figures(one for one in counted if one.rule == rule) for rule in rules}
    )


def false_positive_rate(incidents: Iterable[Incident]) -> float | None:
    """The share (0 to 1) judged not useful or corrected by late data; None when nobody was told of anything."""
    return effectiveness(incidents).total.false_positive_rate


def counts(incident: Incident) -> bool:
    """True for incidents people were told of, each once.

    Tests, storms and what a storm took in are left out, and so is what was merged: its survivor stands for it.
    """
    told = incident.last_told_at is not None and not incident.storm and not incident.merged_into
    return told and incident.source != TEST_SOURCE and incident.alert_type != STORM


def figures(incidents: Iterable[Incident]) -> Figures:
    """The figures of those given, whichever they are."""
    found = list(incidents)
    lengths = [one.resolved_at - one.opened_at for one in found if one.resolved_at is not None]
    waits = [one.first_acknowledged_at - one.opened_at for one in found if one.first_acknowledged_at is not None]
    return Figures(
        told=len(found),
        not_useful=sum(_was_not_useful(one) for one in found),
        acknowledged=len(waits),
        waited=sum(waits, timedelta(0)),
        over=len(lengths),
        lasted=sum((max(length, timedelta(0)) for length in lengths), timedelta(0)),
    )


def _was_not_useful(incident: Incident) -> bool:
    return bool(incident.judged) or CORRECTED in incident.values
