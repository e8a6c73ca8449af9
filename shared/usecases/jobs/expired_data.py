"""Expired data: archived, the archive read back, and only then exactly those documents removed, batch by batch.

Crashing anywhere is safe: an archive that nothing was removed for yet is found again by its name, which is made of what
it holds; and a removal, with its act on the record, is one commit that demands that nothing changed meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.domain.archives import BrokenArchiveError, Entry
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.retention import AGE, RetentionClass, is_expired, is_held
from shared.domain.signals import digest
from shared.errors import ConflictError
from shared.ports.objects import ObjectStore
from shared.ports.platform import Clock
from shared.ports.store import Delete, Document, Query, StateStore, Write
from shared.usecases.audited import Act, audit_writes
from shared.usecases.holds import Held, read_holds, unchanged
from shared.usecases.jobs.archiving import Made, archive, broken_finding, noted
from shared.usecases.jobs.scrubbing import scrubbed
from shared.usecases.records import INCIDENTS, instant

BATCH = 200  # removed in one commit, which Firestore bounds to 10 MiB
MOST_BATCHES = 40  # of a class in one night: within the lease of a step
PAGE = 500
ATTEMPTS = 5
ACTOR = "soukmon"


@dataclass(frozen=True, slots=True)
class Archivist:
    """What is cleaned up: the classes, where their documents are, and where what is archived goes."""

    classes: tuple[RetentionClass, ...]
    store: StateStore
    objects: ObjectStore
    clock: Clock
    batch: int = BATCH


def expired_data(archivist: Archivist, run: Run) -> StepResult:
    """Remove what is older than its class keeps it; the evidence is how many documents of each class are gone."""
    if not archivist.classes:
        return StepResult("", Verdict.SKIPPED, "retention.yaml names no class of data")
    findings, evidence = list[Finding](), dict[str, int]()
    for kept in archivist.classes:
        try:
            evidence[kept.kind], is_left = _clean(kept, archivist, run)
        except BrokenArchiveError as error:
            evidence[kept.kind] = 0
            findings.append(broken_finding(f"expired/{kept.kind}", error))
            continue
        if is_left:
            what = f"more {kept.kind} are expired than one night removes; the next goes on"
            findings.append(Finding(f"retention/{kept.kind}", what, Verdict.WARN))
    reason = "would be removed: see the counts" if run.is_dry else ""
    held = len(read_holds(archivist.store).standing)
    return result_of(findings, reason=reason, **evidence, holds=held)


def _clean(kept: RetentionClass, archivist: Archivist, run: Run) -> tuple[int, bool]:
    """How many were (or would be) removed, and whether some are left for the next night."""
    if run.is_dry:
        holds = read_holds(archivist.store)
        return sum(1 for _ in _expired(kept, archivist, run.at, holds)), False
    count = 0
    for _ in range(MOST_BATCHES):
        gone, was_full = _one_batch(kept, archivist, run)
        count += gone
        if not was_full:
            return count, False
    return count, True


def _one_batch(kept: RetentionClass, archivist: Archivist, run: Run) -> tuple[int, bool]:
    holds = read_holds(archivist.store)
    rows = []
    for row in _expired(kept, archivist, run.at, holds):
        rows.append(row)
        if len(rows) == archivist.batch:
            break
    if not rows:
        return 0, False
    made = _archived(kept, rows, archivist, run) if kept.archive_first else None
    return _removed(kept, rows, made, archivist), len(rows) == archivist.batch


def _archived(kept: RetentionClass, rows: list[Document], archivist: Archivist, run: Run) -> Made:
    """The archive of exactly these, as it was read back. Raises BrokenArchiveError."""
    entries = [Entry(row.id, str(row.body[AGE[kept.kind]]), scrubbed(row.body), row.version) for row in rows]
    mark = digest(*(f"{row.id} {row.version}" for row in rows))
    name = f"expired/{kept.kind}/{run.at:%Y/%m/%d}/{mark[:20]}"
    made = archive(name, entries, objects=archivist.objects, made_by=run.job, facts=anchor_of(run))
    if made.versions != {row.id: row.version for row in rows} or made.manifest.entries != len(rows):
        raise BrokenArchiveError(f"{name} holds other documents than those to be removed")
    return made


def anchor_of(run: Run) -> dict[str, str]:
    """The newest seal as the run's own step has seen it: what was removed later than that is provable by it."""
    seen = next((one.evidence for one in run.results if one.step == "audit_trail"), {})
    return {name: str(seen[name]) for name in ("seal", "seal_hash") if seen.get(name)}


def _removed(kept: RetentionClass, rows: list[Document], made: Made | None, archivist: Archivist) -> int:
    """Remove those that are still as they were archived and that no hold keeps; how many that were.

    Raises ConflictError when others write faster than we can remove.
    """
    store, now = archivist.store, archivist.clock.now()
    for _ in range(ATTEMPTS):
        holds = read_holds(store)
        still = [row for row in rows if _is_still(row, store) and not is_held(holds.holds, kept.kind, row.id, row.body)]
        if not still:
            return 0
        where = f"archive {made.manifest.name}, manifest {made.sha256}" if made else "not archived, as its class says"
        act = Act(now, ACTOR, "expired data removed", kept.kind, f"{len(still)} documents; {where}")
        gone: list[Write] = [Delete(kept.kind, row.id, row.version) for row in still]
        kept_on = [noted(made, now)] if made else []
        try:
            store.commit([unchanged(holds), *gone, *kept_on, *audit_writes(store, act)])
        except ConflictError:
            continue
        return len(still)
    raise ConflictError(f"{kept.kind}: somebody else was faster {ATTEMPTS} times; the next run goes on")


def _is_still(row: Document, store: StateStore) -> bool:
    now = store.get(row.collection, row.id)
    return now is not None and now.version == row.version


def _expired(kept: RetentionClass, archivist: Archivist, at: datetime, held: Held) -> Iterator[Document]:
    """What may be removed, oldest first."""
    cutoff, field = instant(at - kept.kept_for), AGE[kept.kind]
    low, limit, seen = "", PAGE, set[str]()
    while True:
        page = archivist.store.find(Query(kept.kind, order_by=field, low=low, high=cutoff, limit=limit))
        fresh = [row for row in page if row.id not in seen]
        for row in fresh:
            seen.add(row.id)
            if is_held(held.holds, kept.kind, row.id, row.body) or not is_expired(kept, row.body, cutoff):
                continue
            if not _is_of_open_incident(row, archivist.store):
                yield row
        if len(page) < limit:
            return
        limit = limit if fresh else 2 * limit  # so many of one instant that a page shows no other
        low = str(page[-1].body[field])


def _is_of_open_incident(row: Document, store: StateStore) -> bool:
    """True for what belongs to an incident that is not over, whatever its age."""
    incident = store.get(INCIDENTS, str(row.body["incident"])) if row.body.get("incident") else None
    return incident is not None and incident.body.get("is_open") == "yes"
