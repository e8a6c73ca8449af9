"""Delivery receipts of providers: they arrive early, twice and out of order, and may ask for another way."""

import logging

from shared.domain.configuration import Configuration
from shared.domain.delivery import Surroundings, failed_for_good, failed_for_now
from shared.domain.notifications import LedgerState, Notification, Report, progressed
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Query, Replace, StateStore
from shared.usecases.commits import committed
from shared.usecases.dead_addresses import NOTHING, set_aside
from shared.usecases.nonces import is_spent, spend
from shared.usecases.outbox import publish_planned
from shared.usecases.records import NOTIFICATIONS, body_of, ledger_around, planned_writes, value_of

log = logging.getLogger(__name__)


def apply_report(
    report: Report, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> Notification | None:
    """Move the ledger row forward; a failed delivery is retried or replaced. None for a message we do not know."""
    return committed(lambda: _attempt(report, config, store, publisher, clock))


def _attempt(
    report: Report, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> Notification | None:
    document = store.get(NOTIFICATIONS, report.notification) if report.notification else None
    if document is None:
        found = store.find(Query(NOTIFICATIONS, equal={"provider_id": report.provider_id}, limit=1))
        document = found[0] if found else None
    if document is None:
        return None
    row, now = value_of(document, Notification), clock.now()
    around = Surroundings(tuple(ledger_around(store, row)), config.directory, config.limits.send_attempts)
    if row.state.is_final or report.state in {LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ}:
        changed, follow = progressed(row, report.state, at=now, error=report.error), None
    elif report.state is LedgerState.FAILED_PERMANENT:
        failure = failed_for_good(row, error=report.error, now=now, around=around)
        changed, follow = failure.row, failure.takes_over
    else:
        failure = failed_for_now(row, error=report.error, wait=None, now=now, limits=config.limits, around=around)
        changed, follow = failure.row, failure.takes_over
    if changed == row:
        return row
    rows = (follow,) if follow else ()
    notices, marks = set_aside(row, config=config, store=store, now=now) if report.address_gone else NOTHING
    store.commit([Replace(NOTIFICATIONS, row.id, body_of(changed), document.version), *planned_writes(rows), *marks])
    publish_planned(publisher, (*rows, *notices), now)
    return changed


def take_report(
    report: Report, *, nonce: str, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> None:
    """Apply a report once; a replay and a report about a message we do not know change nothing."""
    if is_spent(nonce, store=store):
        log.info("replayed delivery receipt", extra={"provider_id": report.provider_id})
        return
    if apply_report(report, config=config, store=store, publisher=publisher, clock=clock) is None:
        log.info("delivery receipt for an unknown message", extra={"provider_id": report.provider_id})
    spend(nonce, store=store, clock=clock)
