"""The backup verification's steps: every night our own backups are written, read back, and restored by samples."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256

from shared.domain.backup_format import BrokenBackupError, Row, encoded
from shared.domain.backups import BROKEN, Kept, Manifest, Source
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.errors import ConfigurationError
from shared.ports.store import Put
from shared.usecases.backups import (
    BATCH,
    listed,
    manifest_of,
    name_of,
    names_of_backups,
    rows_of,
    state_sources,
    write_backup,
)
from shared.usecases.jobs.copied_files import copy_files
from shared.usecases.jobs.keeping import ConfigurationFiles, Keeper, Looked, look_at, sampled
from shared.usecases.jobs.kept_points import write_points
from shared.usecases.jobs.running import Step
from shared.usecases.jobs.watched_backups import look_at_others, with_others

RECOVERY = "recovery_failed"  # the alert: what was backed up did not come back
OF_DATABASES = frozenset({Source.FIRESTORE_SCHEDULE, Source.FIRESTORE_EXPORT})
TRY_BY_HAND = "soukmon jobs run backup_integrity_test"


def verification_steps(keeper: Keeper) -> Mapping[str, Step]:
    """The steps; a dry run looks at the backups that are there and writes none."""
    steps: Mapping[str, Callable[[Keeper, Run], StepResult]] = {
        "database": database,
        "files": files,
        "warehouse": warehouse,
        "configuration": configuration,
        "recovery": recovery,
    }
    return {name: partial(step, keeper) for name, step in steps.items()}


def database(keeper: Keeper, run: Run) -> StepResult:
    """Our own store as of one instant; samples are held against the documents that nobody has written since."""
    if not run.is_dry:
        with keeper.freezing.frozen(run.at, now=keeper.clock.now()) as (at, store):
            sources = state_sources(store, keeper.collections)
            write_backup(keeper.archive, name_of(Kept.STATE, at), at, sources)
    ours = _result(look_at(Kept.STATE, keeper, run, live=keeper.store))
    return with_others(ours, look_at_others(keeper, OF_DATABASES))


def files(keeper: Keeper, run: Run) -> StepResult:
    """The seals and the reports, and copies of buckets that others make."""
    return with_others(copy_files(keeper, run), look_at_others(keeper, {Source.BUCKET_COPY}))


def warehouse(keeper: Keeper, run: Run) -> StepResult:
    """The points; what they were made of are exports of Google's, which it keeps."""
    others = look_at_others(keeper, {Source.BIGQUERY_SNAPSHOT})
    if not run.is_dry and not write_points(keeper, run):
        return with_others(StepResult("warehouse", Verdict.SKIPPED, "nothing has been measured for two days"), others)
    return with_others(_result(look_at(Kept.POINTS, keeper, run)), others)


def configuration(keeper: Keeper, run: Run) -> StepResult:
    """The files of the configuration that runs here: restorable means that the loader takes them as they come back."""
    if not run.is_dry:
        texts = keeper.files()
        rows = [Row(name, _hash(text), {"text": text}) for name, text in sorted(texts.items())]
        write_backup(keeper.archive, name_of(Kept.CONFIGURATION, run.at), run.at, {Kept.CONFIGURATION: listed(rows)})
    looked = look_at(Kept.CONFIGURATION, keeper, run)
    if looked.manifest is not None and not looked.findings:
        looked.findings += _unloadable(keeper, looked.manifest, is_just_written=not run.is_dry)
    return _result(looked)


def recovery(keeper: Keeper, run: Run) -> StepResult:
    """Some documents of the newest backup, put where nobody lives and read from there as the system would."""
    names = names_of_backups(keeper.archive, Kept.STATE)
    if not names:
        return StepResult("recovery", Verdict.SKIPPED, "there is no backup to recover from")
    try:
        rows = list(sampled(keeper, manifest_of(keeper.archive, names[-1]), run))
        store = keeper.scratch.empty()
        for start in range(0, len(rows), BATCH):
            store.commit([Put(name, row.id, row.body) for name, row in rows[start : start + BATCH]])
        back = [(name, store.get(name, row.id)) for name, row in rows]
        found = [(name, Row(one.id, "", one.body)) for name, one in back if one is not None]
    except BrokenBackupError as error:
        return result_of([_failed(f"{names[-1]} cannot be restored: {error}")], backup=names[-1])
    finally:
        keeper.scratch.clear()
    findings = []
    if not rows:
        findings = [_failed(f"{names[-1]} is empty; nothing comes back")]
    elif _checksum(found) != _checksum([(name, Row(row.id, "", row.body)) for name, row in rows]):
        findings = [_failed(f"what came back from {names[-1]} is not what was put there")]
    return result_of(findings, backup=names[-1], restored=len(found), checksum=_checksum(found)[:16])


def _unloadable(keeper: Keeper, manifest: Manifest, *, is_just_written: bool) -> list[Finding]:
    texts: ConfigurationFiles = {
        row.id: str(row.body["text"]) for _, rows in rows_of(keeper.archive, manifest) for row in rows
    }
    fix = "soukmon check"
    try:
        back = keeper.loaded(texts)
    except ConfigurationError as error:
        what = f"the configuration in {manifest.name} is refused: {str(error).partition(chr(10))[0]}"
        return [Finding(Kept.CONFIGURATION, what, fix=fix, alert=BROKEN)]
    if is_just_written and back != keeper.config:
        what = f"the configuration in {manifest.name} is another than the one that runs here"
        return [Finding(Kept.CONFIGURATION, what, fix=fix, alert=BROKEN)]
    return []


def _result(looked: Looked) -> StepResult:
    """With the evidence that the success rate is made of."""
    is_broken = any(one.verdict is Verdict.FAIL for one in looked.findings)
    evidence = {**looked.evidence, "verified": 1, "broken": int(is_broken)}
    return replace(result_of(looked.findings), evidence=evidence)


def _failed(what: str) -> Finding:
    return Finding("recovery", what, fix=TRY_BY_HAND, alert=RECOVERY)


def _checksum(rows: list[tuple[str, Row]]) -> str:
    return sha256(b"".join(name.encode() + encoded([row]) for name, row in rows)).hexdigest()


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
