"""What keeps an incident from being told at an instant: silences, worse incidents, maintenance, the night."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase

from infra.local.year import facts
from infra.local.year.oracle.cairo import end_of_night
from infra.local.year.oracle.lives import Life
from shared.domain.matchers import Matcher
from shared.domain.noise import Noise
from shared.domain.severities import Severity

LOUD = frozenset({Severity.HIGH, Severity.CRITICAL})


class Mutes:
    """Everything that mutes, as people arranged it and as noise.yaml says."""

    def __init__(self, noise: Noise) -> None:
        self._noise = noise
        self._silences: dict[str, tuple[str, datetime, datetime]] = {}
        self._windows: dict[str, facts.Maintained] = {}

    def take(self, fact: facts.Fact) -> None:
        """Remember what people arranged."""
        if isinstance(fact, facts.Silenced):
            _, start, _ = self._silences.get(fact.name, ("", fact.at, fact.at))
            self._silences[fact.name] = (fact.service, start, fact.end)
        elif isinstance(fact, facts.Maintained):
            self._windows[fact.name] = fact

    def forget(self, before: datetime) -> None:
        """What ended long ago mutes nothing any more."""
        self._silences = {name: one for name, one in self._silences.items() if one[2] > before}
        self._windows = {name: one for name, one in self._windows.items() if one.end > before}

    def on(self, life: Life, at: datetime, others: Iterable[Life]) -> str:
        """What mutes the incident then; "" when nothing does."""
        for name, (service, start, end) in self._silences.items():
            if service == life.service and start <= at < end:
                return name
        inhibited = self._inhibited(life, others)
        if inhibited:
            return inhibited
        if life.severity in LOUD and any(fnmatchcase(life.alert_type, one) for one in self._noise.break_through):
            return ""
        for window in self._windows.values():
            is_for_it = window.service in {"", life.service} and life.began >= window.start
            if window.mutes and is_for_it and window.start <= at < window.end:
                return window.name
        return self._night(life, at)

    def _night(self, life: Life, at: datetime) -> str:
        quiet = self._noise.quiet_hours
        if quiet is None or life.severity in LOUD:
            return ""
        (span,) = quiet.spans
        return "the night" if end_of_night(at, span.start, span.end) else ""

    def _inhibited(self, life: Life, others: Iterable[Life]) -> str:
        wanted = [one for one in self._noise.inhibitions if _fits(one.target, life.all_labels)]
        for rule in wanted:
            for other in others:
                if other.id == life.id or not other.is_open or not _fits(rule.source, other.all_labels):
                    continue
                both = _fits(rule.source, life.all_labels) and _fits(rule.target, other.all_labels)
                if not both and all(other.all_labels.get(n, "") == life.all_labels.get(n, "") for n in rule.equal):
                    return rule.name
        return ""


def _fits(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    return all(_is_met(one, labels.get(one.name, "")) for one in matchers)


def _is_met(matcher: Matcher, value: str) -> bool:
    is_pattern = "~" in matcher.operator
    equal = re.fullmatch(matcher.value, value) is not None if is_pattern else matcher.value == value
    return equal is not matcher.operator.startswith("!")
