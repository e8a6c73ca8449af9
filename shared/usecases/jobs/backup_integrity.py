"""The backup integrity test's steps: everything restored, seen to fit together, in time, and able to alert again.

What is restored lies in a scratch store that is kept between the steps of one process. Whoever goes on with a run that
was cut off restores the same backup again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from shared.domain.backup_format import BrokenBackupError
from shared.domain.backups import WRITE_AGAIN, Kept, Manifest, hours
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.ports.objects import ObjectStore
from shared.ports.store import Document, Query, StateStore
from shared.usecases.backups import manifest_of, names_of_backups, restore
from shared.usecases.jobs.backup_verification import RECOVERY
from shared.usecases.jobs.keeping import Keeper
from shared.usecases.jobs.recovery_drill import drill
from shared.usecases.jobs.running import Step
from shared.usecases.records import INCIDENTS, NOTIFICATIONS, TIMELINE
from shared.usecases.seal_records import noted_seals, seal_name
from shared.usecases.verify import verify
from shared.usecases.walking import walk

RESTORE, CONSISTENCY, OBJECTIVES, DRILL = "restore", "consistency", "objectives", "disaster_recovery"
NAMED = 3  # of many faults; the others are counted
LOOK = "soukmon jobs run backup_integrity_test, then compare with soukmon verify"


@dataclass(slots=True)
class Restored:
    """What has been restored in this process: of which run, and where to."""

    run: str = ""
    store: StateStore | None = None


@dataclass(frozen=True, slots=True)
class Workbench:
    """A keeper, the seals that the record is held against, and what lies restored."""

    keeper: Keeper
    seals: ObjectStore
    restored: Restored = field(default_factory=Restored)


def integrity_steps(bench: Workbench) -> Mapping[str, Step]:
    """The steps; a dry run does the same, for only the scratch store is written to."""
    steps: Mapping[str, Callable[[Workbench, Run], StepResult]] = {
        RESTORE: restore_all,
        CONSISTENCY: consistency,
        OBJECTIVES: objectives,
        DRILL: disaster_recovery,
    }
    return {name: partial(step, bench) for name, step in steps.items()}


def restore_all(bench: Workbench, run: Run) -> StepResult:
    """The newest backup, all of it; the evidence is what was restored, and how far behind it is."""
    keeper = bench.keeper
    names = names_of_backups(keeper.archive, Kept.STATE)
    if not names:
        what = "there is no backup to restore"
        return result_of([Finding(Kept.STATE, what, fix=WRITE_AGAIN, alert=RECOVERY)])
    name, now = names[-1], keeper.clock.now()
    try:
        manifest = manifest_of(keeper.archive, name)
        count = _restore(bench, run, manifest)
    except BrokenBackupError as error:
        what = f"{name} cannot be restored: {error}"
        return result_of([Finding(Kept.STATE, what, fix=WRITE_AGAIN, alert=RECOVERY)], backup=name)
    behind = now - (manifest.newest or manifest.taken_at)
    what = f"{name} is empty; nothing came back"
    empty = [] if count else [Finding(Kept.STATE, what, fix=WRITE_AGAIN, alert=RECOVERY)]
    seconds = round(behind.total_seconds(), 3)
    return result_of(empty, backup=name, documents=count, bytes=manifest.size, behind_s=seconds)


def consistency(bench: Workbench, run: Run) -> StepResult:
    """The counts are the manifest's, the record is as it was written, and no open incident has lost a part."""
    name = _restored_backup(run)
    if not name:
        return _nothing_restored()
    manifest, store = manifest_of(bench.keeper.archive, name), _store(bench, run, name)
    findings = [*_miscounted(manifest, store), *_unlike_the_record(bench, store), *_torn(store)]
    open_now = len(list(_open_incidents(store)))
    return result_of(findings, backup=name, collections=len(manifest.counts), open_incidents=open_now)


def objectives(bench: Workbench, run: Run) -> StepResult:
    """What backups.yaml promises: from the beginning until it was verified, and how much of the newest is missing."""
    if not _restored_backup(run):
        return _nothing_restored()
    wanted = bench.keeper.rules.objectives
    took = timedelta(seconds=sum(one.took for one in run.results if one.step in {RESTORE, CONSISTENCY}))
    behind = timedelta(seconds=float(_evidence(run)["behind_s"] or 0))
    findings = list(_late(took, wanted.restored_within, "restoring took", "restored_within"))
    findings += _late(behind, wanted.lost_at_most, "a recovery would lose", "lost_at_most")
    return result_of(findings, recovery_time_s=took.total_seconds(), recovery_point_s=behind.total_seconds())


def disaster_recovery(bench: Workbench, run: Run) -> StepResult:
    """The restored system is given a signal: an incident opens, somebody is paged, and the next step is taken."""
    name = _restored_backup(run)
    if not name:
        return _nothing_restored()
    try:
        drilled = drill(run, _store(bench, run, name), config=bench.keeper.config, now=bench.keeper.clock.now())
    finally:
        bench.restored.run, bench.restored.store = "", None
        bench.keeper.scratch.clear()
    missing = [Finding("drill", what, fix=LOOK, alert=RECOVERY) for what in drilled.missing]
    return result_of(missing, backup=name, incident=drilled.incident, paged=drilled.paged, escalated=drilled.escalated)


def _restore(bench: Workbench, run: Run, manifest: Manifest) -> int:
    store = bench.keeper.scratch.empty()
    count = restore(bench.keeper.archive, manifest, store)
    bench.restored.run, bench.restored.store = run.id, store
    return count


def _store(bench: Workbench, run: Run, name: str) -> StateStore:
    """What the step before restored, or the same restored again where that was in another process."""
    if bench.restored.run != run.id or bench.restored.store is None:
        _restore(bench, run, manifest_of(bench.keeper.archive, name))
    store = bench.restored.store
    if store is None:
        raise LookupError(f"{name} is not restored")
    return store


def _miscounted(manifest: Manifest, store: StateStore) -> Iterator[Finding]:
    for collection, wanted in manifest.counts.items():
        found = sum(1 for _ in walk(store, collection))
        if found != wanted:
            what = f"{found} of {wanted} documents of {collection} are there after the restore"
            yield Finding(collection, what, fix=LOOK, alert=RECOVERY)


def _unlike_the_record(bench: Workbench, store: StateStore) -> Iterator[Finding]:
    """As `soukmon verify` walks it, with the seals that there were when the backup was made."""
    found = verify(store=store, objects=_SealsUntil(bench.seals, noted_seals(store).seq)).faults
    if found:
        named = "; ".join(f"{one.record}: {one.wrong}" for one in found[:NAMED])
        what = f"the restored record has {len(found)} fault(s): {named}"
        yield Finding("record", what, fix=LOOK, alert=RECOVERY)


def _torn(store: StateStore) -> Iterator[Finding]:
    """Open incidents without a line of their record, or that somebody was told of without a row in the ledger."""
    for row in _open_incidents(store):
        lines = store.find(Query(TIMELINE, equal={"incident": row.id}, order_by="seq", limit=1))
        told = store.find(Query(NOTIFICATIONS, equal={"incident": row.id}, order_by="planned_at", limit=1))
        lacks = [*([] if lines else ["record"]), *([] if told or not row.body.get("last_told_at") else ["ledger"])]
        if lacks:
            yield Finding(row.id, f"{row.id} came back without its {' and '.join(lacks)}", fix=LOOK, alert=RECOVERY)


def _open_incidents(store: StateStore) -> Iterator[Document]:
    yield from (row for row in walk(store, INCIDENTS) if row.body.get("is_open") == "yes")


def _late(found: timedelta, allowed: timedelta, what: str, key: str) -> Iterator[Finding]:
    if found > allowed:
        fix = f"mend it, or write another {key} into backups.yaml"
        yield Finding(key, f"{what} {hours(found)}; at most {hours(allowed)} are promised", fix=fix, alert=RECOVERY)


def _restored_backup(run: Run) -> str:
    """The backup that the first step restored; "" where it could not."""
    evidence = _evidence(run)
    return str(evidence["backup"]) if "behind_s" in evidence else ""


def _evidence(run: Run) -> Mapping[str, str | int | float | None]:
    return next((one.evidence for one in run.results if one.step == RESTORE), {})


def _nothing_restored() -> StepResult:
    return StepResult("", Verdict.SKIPPED, "nothing was restored")


@dataclass(frozen=True, slots=True)
class _SealsUntil:
    """Implements `ObjectStore`: the seals up to a number. Later ones name lines that came after the backup."""

    seals: ObjectStore
    last: int

    def create(self, name: str, data: bytes, *, content_type: str) -> bool:
        """Refused: nothing is sealed here."""
        del data, content_type
        raise PermissionError(f"{name} is not written by a test")

    def read(self, name: str) -> bytes | None:
        """The seal, or None for one that is newer than the backup."""
        return self.seals.read(name) if name <= seal_name(self.last) else None
