"""The list of a window: what people ticked, what we know ourselves, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.checklists import (
    EVIDENCE,
    Item,
    Known,
    Line,
    Phase,
    Tick,
    TickRefused,
    for_window,
    lines,
    missing,
    tick_refused,
)
from shared.domain.configuration import Configuration
from shared.domain.maintenance import Window
from shared.domain.maintenance_notices import Notice
from shared.domain.maintenance_rules import concerned
from shared.domain.notifications import LedgerState, Notification
from shared.domain.oncall import shifts
from shared.domain.redaction import redact
from shared.ports.store import Query, StateStore
from shared.usecases.audited import Act, audit_writes
from shared.usecases.commits import committed
from shared.usecases.records import HEARTBEATS, NOTIFICATIONS, instant, value_of
from shared.usecases.window_notices import Office
from shared.usecases.window_records import read_window, window_write

REACHED = frozenset({LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ})
ALIVE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Ticked:
    """The window afterwards, or why the line was not ticked."""

    window: Window | None
    refused: str = ""


def checklist(window: Window, *, office: Office, now: datetime) -> tuple[Line, ...]:
    """The window's list as it stands at `now`."""
    items = for_window(office.config.maintenance.checklist, emergency=window.emergency)
    return lines(items, window.ticks, facts(window, office=office, now=now) if items else {})


def is_ready(window: Window, *, office: Office, now: datetime) -> bool:
    """True when every line that has to be true before the window is."""
    return not missing(checklist(window, office=office, now=now), Phase.BEFORE)


def tick(name: str, line: str, *, by: str, evidence: str, office: Office, now: datetime) -> Ticked:
    """Tick a line with its evidence; the last one of "before" makes a window that was not ready mute again."""
    if by not in office.config.directory.people:
        return Ticked(None, f"there is nobody called {by!r} on the on-call list")
    return committed(lambda: _tick(name, line, Tick(line, by, now, redact(evidence).strip()[:EVIDENCE]), office))


def facts(window: Window, *, office: Office, now: datetime) -> Mapping[Known, str]:
    """What we know ourselves of the window's list: the evidence, or "" for what is not so."""
    config, rollback = office.config, window.rollback
    known = {
        Known.ON_CALL: _on_call(window, config),
        Known.ALERTS: _alerts(window, config),
        Known.NOTIFIED: _notified(window, office.store),
        Known.MONITORING: _monitored(office.store, now),
    }
    return known if rollback is None else known | {Known.ROLLBACK: rollback.checked if rollback.is_reachable else ""}


def _tick(name: str, line: str, made: Tick, office: Office) -> Ticked:
    found = read_window(name, office.store)
    if found is None:
        return Ticked(None, f"there is no window {name}")
    window, version = found
    if window.is_cancelled:
        return Ticked(None, TickRefused.CANCELLED)
    refused = tick_refused(_item(line, window, office), made.evidence, facts(window, office=office, now=made.at))
    if refused is not None:
        return Ticked(None, refused)
    after = replace(window, ticks=(*window.ticks, made))
    after = replace(after, loud=after.loud and not is_ready(after, office=office, now=made.at))
    act = Act(made.at, made.by, f"maintenance list: {line}", name, made.evidence)
    office.store.commit([window_write(after, version), *audit_writes(office.store, act)])
    return Ticked(after)


def _item(line: str, window: Window, office: Office) -> Item | None:
    items = for_window(office.config.maintenance.checklist, emergency=window.emergency)
    return next((item for item in items if item.id == line), None)


def _on_call(window: Window, config: Configuration) -> str:
    """Who is on call in the window, when there is no gap in it."""
    directory, rotation = config.directory, config.maintenance.rotation
    if rotation not in directory.rotations:
        return ""
    duties = shifts(directory, rotation, window.start, window.end)
    people = [duty.person for duty in duties if duty.person in directory.people]
    return ", ".join(dict.fromkeys(filter(None, people))) if len(people) == len(duties) else ""


def _alerts(window: Window, config: Configuration) -> str:
    """How many rules watch what the window is for; that they fit together was checked when they were loaded."""
    found = concerned(config.metric_rules, [window])
    return f"{len(found)} metric rules, {len(config.event_rules)} event rules" if found or config.event_rules else ""


def _notified(window: Window, store: StateStore) -> str:
    """How much of the announcement was sent, when some of it was and nothing has failed."""
    kinds = (Notice.EMERGENCY,) if window.emergency else (Notice.MOVED,) if window.revision else (Notice.PLANNED,)
    rows = [row for kind in kinds for row in _rows(f"{window.id}-{kind}-{window.revision}", store)]
    sent = sum(row.state in REACHED for row in rows)
    return f"{sent} of {len(rows)} messages sent" if sent else ""


def _rows(bulletin: str, store: StateStore) -> list[Notification]:
    found = store.find(Query(NOTIFICATIONS, {"bulletin": bulletin}, order_by="planned_at"))
    return [value_of(row, Notification) for row in found]


def _monitored(store: StateStore, now: datetime) -> str:
    beat = store.get(HEARTBEATS, "evaluate_rules")
    at = str(beat.body["at"]) if beat else ""
    return f"rules evaluated {at[:16]}Z" if at >= instant(now - ALIVE) else ""
