"""Error logs: each day in Egypt that is over goes into the archive, and older archives are read again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.domain.archives import BrokenArchiveError, Entry, day_name, text_of
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.periods import A_DAY, ZONE, Period, day_of
from shared.errors import NotMeasuredError
from shared.ports.objects import ObjectStore
from shared.ports.platform import Clock
from shared.ports.store import StateStore
from shared.ports.warehouse import LogLine, LogReader
from shared.usecases.jobs.archiving import Made, archive, broken_finding, is_noted, look_again, noted, noted_broken
from shared.usecases.jobs.scrubbing import scrubbed

ERROR_LOGS = "error-logs"
CATCHES_UP = 7  # days: a night that was missed is made good, while Cloud Logging still has its entries (30 days)


@dataclass(frozen=True, slots=True)
class LogKeeper:
    """Where logs are read, and where they go."""

    logs: LogReader
    store: StateStore
    objects: ObjectStore
    clock: Clock


def error_logs(keeper: LogKeeper, run: Run) -> StepResult:
    """Archive the days that are not yet; the evidence is how many entries and bytes that are."""
    if run.is_dry:
        waiting = [day.name for day in days_to_do(ERROR_LOGS, run.at, keeper.store)]
        looked, findings = look_again(store=keeper.store, objects=keeper.objects, now=run.at, is_dry=True)
        return result_of(findings, reason=f"to archive: {', '.join(waiting) or 'nothing'}", read_again=looked)
    findings, made, skipped = list[Finding](), list[Made](), ""
    for day in days_to_do(ERROR_LOGS, run.at, keeper.store):
        name = day_name(ERROR_LOGS, day.first)
        try:
            entries = entries_of(keeper.logs.errors(day.span.since, day.span.until))
            one = archive(name, entries, objects=keeper.objects, made_by=run.job)
        except NotMeasuredError as error:
            skipped = str(error)
            break
        except BrokenArchiveError as error:
            findings.append(broken_finding(name, error))
            keeper.store.commit([noted_broken(name, keeper.clock.now())])
            continue
        keeper.store.commit([noted(one, keeper.clock.now())])
        made.append(one)
    looked, bad = look_again(store=keeper.store, objects=keeper.objects, now=keeper.clock.now(), is_dry=False)
    findings += [one for one in bad if one.subject not in {known.subject for known in findings}]
    if skipped:
        findings.append(Finding(ERROR_LOGS, skipped, Verdict.SKIPPED))
    return result_of(findings, reason=skipped, **_evidence(made), read_again=looked)


def days_to_do(kind: str, at: datetime, store: StateStore) -> list[Period]:
    """The days of Egypt before this instant that have no archive of the kind yet, oldest first."""
    today = at.astimezone(ZONE).date()
    days = [day_of(today - back * A_DAY) for back in range(CATCHES_UP, 0, -1)]
    return [day for day in days if not is_noted(store, day_name(kind, day.first))]


def entries_of(lines: Iterable[LogLine]) -> Iterator[Entry]:
    """The lines as an archive has them, without personal data."""
    for line in lines:
        yield Entry(line.id, text_of(line.at), scrubbed(line.body))


def _evidence(made: list[Made]) -> dict[str, str | float | None]:
    return {
        "days": len(made),
        "entries": sum(one.manifest.entries for one in made),
        "bytes": sum(part.bytes for one in made for part in one.manifest.parts),
        "unpacked": sum(one.manifest.unpacked for one in made),
        "manifest": made[-1].sha256 if made else None,
    }
