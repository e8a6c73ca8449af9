"""The clocks of an incident: what runs, from or towards when, and what it is called once it is late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.domain.incidents import Incident, State
from shared.rendering.page_words import page_words
from shared.rendering.view import span


@dataclass(frozen=True, slots=True)
class Counting:
    """`at` is when it began or ends; `runs` says "up", "down" or "" (it stands still at `text`).

    `text` is how it stood when the page was made, `late_label` its name once a "down" is over.
    """

    name: str
    label: str
    at: datetime
    text: str
    runs: str = "up"
    late_label: str = ""
    is_late: bool = False


def clocks(incident: Incident, now: datetime, locale: str = "en") -> list[Counting]:
    """What a responder has to know the time of, the most urgent first behind the incident's own age."""
    return [_age(incident, now, locale), *_ahead(incident, now, locale)]


def _age(incident: Incident, now: datetime, locale: str) -> Counting:
    say, end = page_words(locale), incident.resolved_at or incident.closed_at or now
    if not incident.state.is_open:
        return Counting("lasted", say["lasted"], end, span(end - incident.started_at, locale), runs="")
    return Counting("going", say["going"], incident.started_at, span(now - incident.started_at, locale))


def _ahead(incident: Incident, now: datetime, locale: str) -> Iterator[Counting]:
    if not incident.state.is_open:
        return
    unowned, mitigated = incident.state is State.TRIGGERED, incident.state is State.MITIGATED
    ends = {
        "answer": incident.acknowledge_by if unowned else None,
        "climbs": incident.ladder.next_at if unowned else None,
        "holds": incident.ack_expires_at if mitigated else None,
        "lapses": None if unowned or mitigated else incident.ack_expires_at,
        "end": incident.resolve_by,
    }
    say = page_words(locale)
    for name, at in ends.items():
        if at is not None:
            late, label = at <= now, say[f"{name}_late"]
            left = span(now - at if late else at - now, locale)
            yield Counting(name, label if late else say[name], at, left, "down", label, is_late=late)
