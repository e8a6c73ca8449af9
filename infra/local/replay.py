"""Payload files through a private platform: what became of each, and why."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from infra.local.engines import EMBEDDED, Engines
from infra.local.platform import Platform
from shared import bootstrap
from shared.adapters.clocks import SystemClock, VirtualClock
from shared.config.loader import load
from shared.domain.reasons import Suppressed
from shared.domain.signals import own_signal
from shared.errors import UndecodableError
from shared.inbound import envelopes, unwrapped
from shared.ports.store import Query
from shared.usecases.quarantine import UNPARSED, Delivery
from shared.usecases.records import GROUPS, INCIDENTS, NOTIFICATIONS, RECEIPTS, notifications_of

QUIET_AFTER = timedelta(minutes=2)
NO_STORM = 1_000_000
ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file's line. `outcome` is incident, recorded, ignored, dead_letter, or lost (which must never happen)."""

    file: str
    outcome: str
    reason: str
    incident: str | None = None
    severity: str | None = None
    notifications: list[dict[str, str]] = field(default_factory=list)


def replay(files: Sequence[Path], *, config_dir: Path | None = None, tell: Callable[[Outcome], None]) -> bool:
    """Send every file at its own time; True when nothing was lost. Raises OSError for a file that cannot be read."""
    complete = True
    with private_platform(config_dir) as platform:
        for file in files:
            outcome = _one(platform, file)
            complete = complete and outcome.outcome != "lost"
            tell(outcome)
    return complete


@contextmanager
def private_platform(
    config_dir: Path | None = None,
    *,
    at: datetime | None = None,
    engines: Engines = EMBEDDED,
    is_calm: bool | None = None,
) -> Iterator[Platform]:
    """A platform of one's own in a temporary folder, on a virtual clock.

    Without `at` it is for files, and calm: they do not arrive in a storm, so nothing is folded, nobody's cap is
    reached, and no night holds them back.
    """
    configuration = load(config_dir)
    limits = replace(configuration.limits, storm_incidents=NO_STORM, rate_caps={})
    calm = replace(configuration, limits=limits, noise=replace(configuration.noise, quiet_hours=None))
    clock = VirtualClock(at or SystemClock().now())
    # A probe that hangs may outlive the platform, and write until it notices.
    with tempfile.TemporaryDirectory(prefix="soukmon-", ignore_cleanup_errors=True) as folder:
        chosen = calm if (at is None if is_calm is None else is_calm) else configuration
        platform = Platform(Path(folder), clock=clock, configuration=chosen, engines=engines)
        try:
            yield platform
        finally:
            platform.close()


def _one(platform: Platform, file: Path) -> Outcome:
    request = unwrapped.wrap(file.read_bytes())
    now = request.at or SystemClock().now()
    if isinstance(platform.clock, VirtualClock):
        platform.clock.set(now)
    platform.scheduler.restart(now)
    try:
        name = envelopes.read(request.headers, request.body).event_id
    except UndecodableError:
        name = ""
    store = bootstrap.state()
    known = bool(name) and store.get(RECEIPTS, name) is not None
    letter = f"dead-{Delivery(request.function, {}, request.body).id}"
    before = {row.id for row in store.find(Query(NOTIFICATIONS, order_by="planned_at", limit=ALL))}
    status = platform.call(request.function, request.body, dict(request.headers))
    platform.drain()
    platform.advance(QUIET_AFTER)
    receipt = (store.get(RECEIPTS, name) if name else None) or store.get(RECEIPTS, letter)
    if receipt is None:
        return Outcome(str(file), "lost", f"no record of it; {request.function} answered {status}")
    if known:
        incident = str(receipt.body["incident"])
        return Outcome(str(file), "recorded", Suppressed.DUPLICATE_DELIVERY, incident or None)
    return _described(str(file), receipt.body, request.function, before)


def _described(file: str, receipt: dict[str, Any], function: str, before: set[str]) -> Outcome:
    incident, severity = str(receipt["incident"]), str(receipt["severity"])
    if receipt["outcome"] == "dead_letter":
        notice = own_signal(UNPARSED, subject=function, title="", at=SystemClock().now())
        group = bootstrap.state().get(GROUPS, notice.fingerprint)
        incident = str(group.body["incident"]) if group else ""
        severity = _severity(incident)
    told = [
        {"channel": str(row.channel), "recipient": row.recipient, "state": str(row.state)}
        for row in (notifications_of(bootstrap.state(), incident) if incident else [])
        if row.id not in before
    ]
    return Outcome(file, str(receipt["outcome"]), str(receipt["reason"]), incident or None, severity or None, told)


def _severity(incident: str) -> str:
    found = bootstrap.state().get(INCIDENTS, incident) if incident else None
    return str(found.body["severity"]) if found else ""
