"""Reports that are due: made once per edition, archived, told to their readers, and re-issued when all is there."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.configuration import Configuration
from shared.domain.editions import CATCH_UP, Issued, issue, issued_id, with_edition
from shared.domain.periods import Period, last_period, period_named
from shared.domain.report_plans import ReportPlan
from shared.domain.reports import Report
from shared.ports.objects import ObjectStore
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Query, Replace, StateStore
from shared.ports.warehouse import Warehouse
from shared.usecases.apart import Apart
from shared.usecases.audited import Act, audit_writes
from shared.usecases.commits import committed
from shared.usecases.compose_report import compose, gather
from shared.usecases.jobs.calendar import last_due
from shared.usecases.outbox import publish_planned
from shared.usecases.records import REPORTS, body_of, instant, value_of
from shared.usecases.report_link import ReportLinks
from shared.usecases.report_making import all_files, archived
from shared.usecases.report_telling import told_writes

log = logging.getLogger(__name__)

LOOKED_AGAIN = timedelta(minutes=15)  # of each hour: a provisional report is looked at once an hour
MOST_OPEN = 100


@dataclass(frozen=True, slots=True)
class Press:
    """What making a report touches; `links` makes its signed addresses."""

    config: Configuration
    store: StateStore
    warehouse: Warehouse
    archive: ObjectStore
    publisher: Publisher
    clock: Clock
    links: ReportLinks


def make_due_reports(press: Press) -> int:
    """Make what is due, and the final edition of what was provisional; how many editions were made.

    A report that fails keeps none of the others back; the run fails in the end all the same.
    """
    now, apart = press.clock.now(), Apart()
    made = 0
    for plan, period in due(press.config.reporting.reports.values(), now):
        if press.store.get(REPORTS, issued_id(plan.name, period.name)) is not None:
            continue  # told already; what is provisional has its own hour
        made += apart.take(lambda plan=plan, period=period: _count(make(plan, period, press)))  # type: ignore[misc]
    for plan, period in _provisional(press, now):
        made += apart.take(lambda plan=plan, period=period: _count(make(plan, period, press)))  # type: ignore[misc]
    apart.raise_failures()
    return made


def due(plans: Iterable[ReportPlan], now: datetime) -> list[tuple[ReportPlan, Period]]:
    """The reports whose time has come within the last two days, each with the period it is about."""
    found = []
    for plan in plans:
        at = last_due(plan.at, now)
        if at is not None and now - at <= CATCH_UP:
            found.append((plan, last_period(plan.period, at)))
    return found


def make(plan: ReportPlan, period: Period, press: Press) -> Issued | None:
    """Make the edition that is to be made now, if any: archive its files, put it on record and tell its readers."""
    found = press.store.get(REPORTS, issued_id(plan.name, period.name))
    before = value_of(found, Issued) if found else None
    now = press.clock.now()
    if before is not None and not before.is_open:
        return None
    ports = {"config": press.config, "store": press.store, "warehouse": press.warehouse}
    material = gather(plan, period, now=now, **ports)  # type: ignore[arg-type]
    final_after = press.config.reporting.final_after
    decided = issue(before, period, is_complete=material.is_complete, now=now, final_after=final_after)
    if decided.edition is None:
        return None
    report = compose(material, decided.edition)
    files = archived(report, all_files(report, press.config), press.archive)
    made = with_edition(before, Issued(plan.name, period.name, decided.edition, now, files))
    return committed(lambda: _issued(made, report, press))


def _issued(made: Issued, report: Report, press: Press) -> Issued | None:
    """One attempt: the edition, its line on the record, and the messages; None when another run was first."""
    found = press.store.get(REPORTS, made.id)
    if found is not None and len(value_of(found, Issued).editions) >= len(made.editions):
        return None
    body = {**body_of(made), "is_open": "yes" if made.is_open else "no"}
    kept = Replace(REPORTS, made.id, body, found.version) if found else Create(REPORTS, made.id, body)
    rows, writes = told_writes(report, made, press.links, config=press.config)
    hashes = ", ".join(f"{one.name} {one.sha256}" for one in made.files)
    act = Act(made.at, "soukmon", f"report issued ({made.edition})", made.id, hashes)
    press.store.commit([kept, *writes, *audit_writes(press.store, act)])
    publish_planned(press.publisher, rows, made.at)
    log.info("report issued", extra={"report": made.id, "edition": made.edition})
    return made


def _provisional(press: Press, now: datetime) -> Iterator[tuple[ReportPlan, Period]]:
    if timedelta(minutes=now.minute) >= LOOKED_AGAIN:
        return
    query = Query(REPORTS, equal={"is_open": "yes"}, order_by="at", high=instant(now - LOOKED_AGAIN), limit=MOST_OPEN)
    for row in press.store.find(query):
        kept = value_of(row, Issued)
        plan = press.config.reporting.reports.get(kept.report)
        if plan is not None:
            yield plan, period_named(kept.period)


def _count(made: Issued | None) -> int:
    return int(made is not None)
