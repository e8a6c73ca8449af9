"""Silences: somebody says who must not be told of what, until when and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.matchers import Matcher, all_accept
from shared.domain.severities import Severity

LONGEST = timedelta(days=7)
# A matcher that accepts all of these says nothing about its label but that there is one, and ours are always there.
_ANY = ("0", "z", "Z-9.x", "خدمة")


@dataclass(frozen=True, slots=True)
class Silence:
    """Mutes what every matcher accepts, from `start` until just before `end`. `author` is a person's id."""

    id: str
    matchers: tuple[Matcher, ...]
    start: datetime
    end: datetime
    author: str
    reason: str
    created_at: datetime

    def is_active(self, now: datetime) -> bool:
        """True from the start on, no longer at the end."""
        return self.start <= now < self.end

    def mutes(self, labels: Mapping[str, str]) -> bool:
        """True for what every matcher accepts."""
        return all_accept(self.matchers, labels)


def silenced_by(labels: Mapping[str, str], silences: Iterable[Silence], now: datetime) -> Silence | None:
    """The active silence that mutes these labels for longest."""
    found = (silence for silence in silences if silence.is_active(now) and silence.mutes(labels))
    return max(found, key=lambda silence: silence.end, default=None)


def refusal(silence: Silence) -> str:
    """What is wrong with a silence somebody asks for; "" when nothing is.

    As in Alertmanager one matcher at least must not accept an empty label, and here it must not accept just any label
    either: else it would mute everything.
    """
    if not silence.author or not silence.reason.strip():
        return "a silence needs an author and a reason"
    if not any(map(_narrows, silence.matchers)):
        return 'a silence needs a matcher that does not accept everything, such as service="orders-api"'
    if silence.end <= silence.start:
        return "the silence ends before it starts"
    if silence.end - silence.start > LONGEST:
        return f"a silence may last {LONGEST.days} days; open a new one then"
    return ""


def _narrows(matcher: Matcher) -> bool:
    """True for a matcher that neither an empty label nor just any label fits."""
    values = tuple(Severity) if matcher.name == "severity" else _ANY
    return not matcher.accepts({}) and not all(matcher.accepts({matcher.name: value}) for value in values)
