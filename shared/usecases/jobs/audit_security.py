"""The audit's security assessment: what the month's scans found and missed, and its incidents and breaches."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

from shared.domain.breaches import Breach, Filing, Standing, filing
from shared.domain.figures import Span
from shared.domain.incidents import Incident
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, OpenAlert, Run, StepResult, Verdict
from shared.domain.periods import PeriodKind, last_period
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE
from shared.ports.store import Query, StateStore
from shared.usecases.breach_records import all_breaches
from shared.usecases.jobs.auditor import ALERT, Auditor, day
from shared.usecases.jobs.calendar import coming
from shared.usecases.marks import incidents_of
from shared.usecases.records import INCIDENTS, instant, value_of

SCAN = "security_scan"
OF_SECURITY = "security."
MOST = 10_000
BAD_FILING = frozenset({Filing.OVERDUE, Filing.LATE})


def security(auditor: Auditor, run: Run) -> StepResult:
    """The month that ended: its scans, what they have left open, security incidents, and clocks of breaches."""
    month = last_period(PeriodKind.MONTH, run.at)
    scans = auditor.runs(SCAN, before=run.at)
    found, evidence = _scans(scans, month.span, auditor, run.at)
    for part, facts in (_incidents(month.span, auditor, run.at), _breaches(month.span, auditor.store, run.at)):
        found += part
        evidence |= facts
    return replace(result_of(found), evidence={"month": month.name, **evidence})


def _scans(
    scans: Sequence[Run], month: Span, auditor: Auditor, now: datetime
) -> tuple[list[Finding], dict[str, float | None]]:
    """No scan that passed is a failure, one that was missed a warning; what is open, by how long it has been.

    Where nothing was ever scanned until the month was over, the installation is younger: that fails nothing.
    """
    within = [one for one in scans if month.since <= one.at < month.until]
    passed = sum(one.verdict in {Verdict.PASS, Verdict.WARN} for one in within)
    missed = _missed(within, month, auditor)
    found = [
        Finding(
            f"{SCAN}/missed", f"the security scan of {day(at)} did not run", Verdict.WARN, "see soukmon jobs history"
        )
        for at in missed
    ]
    is_older = any(one.at < month.until for one in scans)
    if is_older and not passed:
        what = f"none of the month's {len(within)} security scan(s) passed"
        found.append(Finding(SCAN, what, fix="mend what they found, then soukmon jobs run security_scan", alert=ALERT))
    since = open_since(scans)
    found += [_open(one, at, auditor.config.audit.open_for, now) for one, at in since.items()]
    newest = [one for result in scans[0].results for one in result.findings] if scans else []
    ages = [(now - at) / timedelta(days=1) for at in since.values()]
    evidence: dict[str, float | None] = {
        "scans": len(within),
        "scans_passed": passed,
        "scans_missed": len(missed),
        "findings_fail": sum(one.verdict is Verdict.FAIL for one in newest),
        "findings_warn": sum(one.verdict is Verdict.WARN for one in newest),
        "open": len(since),
        "open_days_longest": round(max(ages), 1) if ages else None,
    }
    return found, evidence


def open_since(scans: Sequence[Run]) -> dict[OpenAlert, datetime]:
    """What the newest scan left open, and the first of the scans in a row that did so; scans newest first."""
    found: dict[OpenAlert, datetime] = {}
    still = {(one.alert, one.subject): one for one in (scans[0].open if scans else ())}
    for scan in scans:
        there = {(one.alert, one.subject) for one in scan.open}
        still = {key: one for key, one in still.items() if key in there}
        found |= dict.fromkeys(still.values(), scan.at)
    return found


def _open(one: OpenAlert, since: datetime, longest: timedelta, now: datetime) -> Finding:
    is_late = now - since > longest
    what = f"{one.alert} of {one.subject} is open since {day(since)}{', too long' if is_late else ''}"
    verdict = Verdict.FAIL if is_late else Verdict.WARN
    return Finding(f"{SCAN}/{one.alert}/{one.subject}", what, verdict, "mend it; the next scan takes it back", ALERT)


def _missed(within: Sequence[Run], month: Span, auditor: Auditor) -> list[datetime]:
    plan = next((one for one in auditor.config.jobs if one.name == SCAN), None)
    ran = {one.occurrence for one in within}
    due = coming(plan.at, month.since, month.until) if plan else ()
    return [at for at in due if at not in ran and at < month.until]


def _incidents(month: Span, auditor: Auditor, now: datetime) -> tuple[Iterator[Finding], dict[str, float | None]]:
    ours = [one for one in incidents_of(month, auditor.store) if one.alert_type.startswith(OF_SECURITY)]
    over = [one.resolved_at - one.started_at for one in ours if one.resolved_at is not None]
    hours = [one / timedelta(hours=1) for one in over]
    evidence: dict[str, float | None] = {
        "incidents": len(ours),
        "incidents_open": len(ours) - len(over),
        "hours_to_contain_median": round(median(hours), 2) if hours else None,
        "hours_to_contain_longest": round(max(hours), 2) if hours else None,
        "restricted": _restricted(month, auditor.store),
    }
    return _still_open(ours, auditor.config.audit.open_for, now), evidence


def _still_open(ours: Sequence[Incident], longest: timedelta, now: datetime) -> Iterator[Finding]:
    for one in ours:
        if one.resolved_at is None and one.severity is Severity.CRITICAL and now - one.started_at > longest:
            what = f"the critical security incident {one.id} is open since {day(one.started_at)}"
            yield Finding(f"incidents/{one.id}", what, fix="contain it, or say who does", alert=ALERT)


def _restricted(month: Span, store: StateStore) -> int:
    """How many there were; nothing else of them leaves the response team."""
    query = Query(INCIDENTS, order_by="opened_at", low=instant(month.since), high=instant(month.until), limit=MOST)
    found = (value_of(row, Incident) for row in store.find(query))
    return sum(bool(one.restricted) and one.source != TEST_SOURCE and one.opened_at < month.until for one in found)


def _breaches(month: Span, store: StateStore, now: datetime) -> tuple[Iterator[Finding], dict[str, float | None]]:
    """Whose clock ran in the month; of a breach nothing but its id is told."""
    found = breaches_of(month, store)
    late = [one for one in found if filing(one, now) in BAD_FILING]
    evidence: dict[str, float | None] = {"breaches": len(found), "breach_clocks_missed": len(late)}
    return (late_report(one, now) for one in late), evidence


def breaches_of(span: Span, store: StateStore) -> list[Breach]:
    """Breaches that were, and that the regulator should have heard of in the span or should hear of yet."""
    real = [one for one in all_breaches(store) if not one.is_drill and one.standing is not Standing.STOOD_DOWN]
    return [
        one for one in real if one.detected_at < span.until and (one.regulator_at >= span.since or one.standing.is_open)
    ]


def late_report(one: Breach, now: datetime) -> Finding:
    """That the clock of a breach was not met."""
    what = f"breach {one.id}: {filing(one, now)}; the regulator was to hear of it by {day(one.regulator_at)}"
    return Finding(f"breaches/{one.id}", what, fix="see soukmon breach, and report it now where it is not", alert=ALERT)
