"""Objects that are written once, copied into the archive once: what is missing there, and what reads otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from random import Random

from shared.domain.backups import BROKEN, WRITE_AGAIN
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.usecases.jobs.keeping import Copied, Keeper

BYTES = "application/octet-stream"


def copy_files(keeper: Keeper, run: Run) -> StepResult:
    """The seals and the reports; none of them is ever overwritten, so that whatever has been copied stays right.

    A run that was cut off has copied some; the next goes on with the rest.
    """
    if not keeper.copied:
        return StepResult("files", Verdict.SKIPPED, "there is no store of files to back up")
    findings: list[Finding] = []
    evidence: dict[str, int] = {}
    for one in keeper.copied:
        found = list(_copy(one, keeper, run, evidence))
        findings += found
        evidence["verified"] = evidence.get("verified", 0) + 1
        evidence["broken"] = evidence.get("broken", 0) + any(each.verdict is Verdict.FAIL for each in found)
    return replace(result_of(findings), evidence=evidence)


def _copy(one: Copied, keeper: Keeper, run: Run, evidence: dict[str, int]) -> Iterator[Finding]:
    prefix = f"files/{one.name}/"
    there, kept = one.store.names(one.prefix), set(keeper.archive.names(prefix))
    missing = [name for name in there if prefix + name not in kept]
    evidence |= {one.name: len(there), f"{one.name}_copied": 0 if run.is_dry else len(missing)}
    if missing and run.is_dry:
        yield Finding(f"files/{one.name}", f"{len(missing)} of {one.name} are not copied yet", Verdict.WARN)
    for name in () if run.is_dry else missing:
        data = one.store.read(name)
        if data is not None:  # else it was deleted just now
            keeper.archive.create(prefix + name, data, content_type=BYTES)
    copied = [name for name in there if not run.is_dry or prefix + name in kept]
    for name in Random(run.id).sample(copied, min(keeper.rules.sample, len(copied))):  # noqa: S311 - no secret
        if fault := _unlike(one, keeper, name, prefix):
            yield Finding(f"files/{one.name}", fault, fix=WRITE_AGAIN, alert=BROKEN)


def _unlike(one: Copied, keeper: Keeper, name: str, prefix: str) -> str:
    there, kept = one.store.read(name), keeper.archive.read(prefix + name)
    if there is None:
        return ""
    if kept is None:
        return f"the copy of {name} is missing"
    if sha256(there).digest() != sha256(kept).digest():
        return f"the copy of {name} ({len(kept)} bytes) is not the original ({len(there)} bytes)"
    return ""
