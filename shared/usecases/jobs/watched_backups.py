"""What a step finds of the backups that others make: there, young, and as large as usual."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from shared.domain.backups import ASK_ITS_OWNER, BROKEN, Source, Watched, faults_of, faults_of_copy
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, StepResult, Verdict
from shared.errors import NotMeasuredError
from shared.usecases.jobs.keeping import Keeper


@dataclass(frozen=True, slots=True)
class Found:
    """What came of looking at several: all findings, how many there were and how many are broken."""

    findings: tuple[Finding, ...] = ()
    verified: int = 0
    broken: int = 0


def look_at_others(keeper: Keeper, sources: Collection[Source]) -> Found:
    """The watched backups of these kinds."""
    parts = [list(_faults(one, keeper)) for one in keeper.watched if one.source in sources]
    broken = sum(any(each.verdict is Verdict.FAIL for each in part) for part in parts)
    return Found(tuple(each for part in parts for each in part), len(parts), broken)


def with_others(result: StepResult, found: Found) -> StepResult:
    """A step's result about our own backups, and what was found of others'."""
    if not found.verified:
        return result
    evidence = dict(result.evidence)
    for key, count in (("verified", found.verified), ("broken", found.broken)):
        evidence[key] = int(evidence.get(key) or 0) + count
    both = result_of((*result.findings, *found.findings), reason=result.reason)
    return replace(both, evidence=evidence)


def _faults(one: Watched, keeper: Keeper) -> Iterator[Finding]:
    """One that cannot be looked at is as good as broken: nobody knows that it is not."""
    now = keeper.clock.now()
    try:
        if one.source is Source.BUCKET_COPY:
            yield from faults_of_copy(one, keeper.others.stored(one.of), keeper.others.stored(one.where), now)
        else:
            yield from faults_of(one.name, keeper.others.seen(one), now, max_age=one.max_age, fix=ASK_ITS_OWNER)
    except NotMeasuredError as error:
        yield Finding(one.name, f"the backup {one.name} cannot be looked at: {error}", alert=BROKEN)
