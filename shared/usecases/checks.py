"""Checks from outside taken in: for the status page and its bars, as alerts, and as a metric of the warehouse."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.signals import Signal
from shared.domain.status import Probe
from shared.domain.status_checks import Check, Seen, Watched, notice_due, reasons, seen, taken
from shared.domain.status_notices import certificate_renewed, certificate_signal, down_signal
from shared.errors import RefusedError, UndecodableError
from shared.ports.platform import Clock, Publisher
from shared.ports.probing import Prober
from shared.ports.store import Body, Create, Replace, StateStore, Write
from shared.ports.warehouse import Warehouse
from shared.usecases.commits import committed
from shared.usecases.nonces import is_spent, spend
from shared.usecases.outbox import publish_outbox, signal_write
from shared.usecases.records import body_of, instant, value_of
from shared.usecases.status_changes import look_at_status
from shared.usecases.status_state import CHECKS

TABLE = "soukmon.probe_results"
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Ports:
    """Where checks go."""

    config: Configuration
    store: StateStore
    warehouse: Warehouse
    publisher: Publisher
    clock: Clock


def probe_all(prober: Prober, *, place: str, ports: Ports) -> int:
    """Fetch everything that has an address, all at once, and take in what came of it; returns how many were right."""
    probes = [probe for probe in ports.config.status.probes.values() if probe.url]
    if not probes:
        return 0
    at = ports.clock.now()
    with ThreadPoolExecutor(min(AT_ONCE, len(probes))) as pool:
        checks = list(pool.map(lambda probe: _check(probe, prober, place, at), probes))
    take(checks, ports=ports)
    return sum(check.ok for check in checks)


def take_posted(checks: Sequence[Check], *, nonce: str, ports: Ports) -> int:
    """Take in what an outside probe posted; raises RefusedError for a replay, UndecodableError for unknown targets."""
    unknown = {check.target for check in checks} - set(ports.config.status.probes)
    if unknown:
        raise UndecodableError(f"there is no probe {', '.join(sorted(unknown))} in status.yaml")
    if is_spent(nonce, store=ports.store):
        raise RefusedError("this request was taken before; sign again to send it again")
    take(checks, ports=ports)
    spend(nonce, store=ports.store, clock=ports.clock)
    return len(checks)


def take(checks: Sequence[Check], *, ports: Ports) -> None:
    """Keep them, say what changed, and then put them into the warehouse: the page does not wait for that.

    A fault halfway is mended by taking them again: one check of a place counts once.
    """
    news = [committed(lambda target=target: _taken(target, checks, ports)) for target in _targets(checks)]  # type: ignore[misc]
    if any(news):
        look_at_status(ports.publisher, "checks")
    ports.warehouse.append(TABLE, [_row(check) for check in checks])


def _check(probe: Probe, prober: Prober, place: str, at: datetime) -> Check:
    found = prober.look(probe.url, slow_after=probe.slow_after, contains=probe.contains, lacks=probe.lacks)
    return Check(probe.target, place, at, found.reason, found.latency_ms, found.certificate_ends)


def _targets(checks: Sequence[Check]) -> list[str]:
    return list(dict.fromkeys(check.target for check in checks))


def _taken(target: str, checks: Sequence[Check], ports: Ports) -> bool:
    """One attempt to keep a target's checks; True when the status page has to look."""
    now, patience = ports.clock.now(), ports.config.status.patience
    document = ports.store.get(CHECKS, target)
    before = value_of(document, Watched) if document else Watched(target)
    after = taken(before, (check for check in checks if check.target == target), now)
    told, signals = _told(before, after, ports, now)
    body = body_of(told)
    writes: list[Write] = [
        Replace(CHECKS, target, body, document.version) if document else Create(CHECKS, target, body),
        *(signal_write(signal) for signal in signals),
    ]
    ports.store.commit(writes)
    publish_outbox(ports.store, ports.publisher, writes)
    return seen(before, patience, now) is not seen(after, patience, now)


def _told(before: Watched, after: Watched, ports: Ports, now: datetime) -> tuple[Watched, list[Signal]]:
    """What has to be told as alerts, and the target with the memory of it."""
    patience = ports.config.status.patience
    found = seen(after, patience, now)
    signals = list(_certificate(before, after, now))
    due = notice_due(after, now)
    if due is not None:
        after = replace(after, noticed=(*after.noticed, due))
    if found is Seen.FAILS and not after.down:
        return replace(after, down=True), [*signals, down_signal(after.target, reasons(after, patience, now), now)]
    if found is Seen.WELL and after.down:
        return replace(after, down=False), [*signals, down_signal(after.target, (), now, over=True)]
    return after, signals


def _certificate(before: Watched, after: Watched, now: datetime) -> Iterator[Signal]:
    ends, due = after.certificate_ends, notice_due(after, now)
    if ends is None:
        return
    if before.noticed and not after.noticed:
        yield from (certificate_renewed(after.target, told, ends, now) for told in before.noticed)
    if due is not None:
        yield certificate_signal(after.target, due, ends, now)


def _row(check: Check) -> Body:
    return {
        "probed_at": instant(check.at),
        "target": check.target,
        "place": check.place,
        "ok": check.ok,
        "reason": check.reason,
        "latency_ms": check.latency_ms,
    }
