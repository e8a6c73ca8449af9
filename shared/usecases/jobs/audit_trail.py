"""The audit trail: the whole record against its chains and seals, and its head sealed where nothing is overwritten."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.chain import HASH, place
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.seals import AT_LEAST_EVERY, sealed_by
from shared.ports.objects import ObjectStore
from shared.ports.platform import Clock
from shared.ports.store import StateStore
from shared.usecases.audited import AUDITED
from shared.usecases.seal_records import noted_seals, read_seal, seal_records
from shared.usecases.verify import Verified, verify

RECORD, SEALS = "record", "seals"
AUDIT = "audit"  # the alert
NAMED = 3
HOUR = timedelta(hours=1)
SOON = 2 * HOUR  # seal_records comes every hour
LATE = AT_LEAST_EVERY + SOON  # quiet hours are left out, for a day at most
LOOK = "look at seal_records, which comes every hour; what was open is sealed by this run"


@dataclass(frozen=True, slots=True)
class Notary:
    """The record, and where its seals lie."""

    store: StateStore
    seals: ObjectStore
    clock: Clock


def audit_trail(notary: Notary, run: Run) -> StepResult:
    """Verify, and seal what is not sealed; the evidence is the newest seal, the anchor of tonight's archives."""
    found = verify(store=notary.store, objects=notary.seals)
    findings = [*_broken(found), *_late(found, notary)]
    made = None
    if not found.faults and not run.is_dry:  # a broken record is left as it is for whoever looks into it
        made = seal_records(store=notary.store, objects=notary.seals, clock=notary.clock)
    newest = noted_seals(notary.store)
    seal = read_seal(notary.seals, newest.seq) or {}
    counts = {"incidents": found.incidents, "lines": found.lines, "acts": found.acts}
    anchor = {"seal": newest.seq, "seal_hash": str(seal.get(HASH, "")) or None, "sealed_now": int(made is not None)}
    return replace(result_of(findings), evidence={**counts, **anchor})


def _broken(found: Verified) -> list[Finding]:
    if not found.faults:
        return []
    some = ", ".join(f"{one.record} ({one.wrong})" for one in found.faults[:NAMED])
    what = f"the record is not as it was written: {len(found.faults)} faults, among them {some}"
    return [Finding(RECORD, what, fix="`soukmon verify` names every fault; see the runbook", alert=AUDIT)]


def _late(found: Verified, notary: Notary) -> list[Finding]:
    """A seal that is too old, or one that leaves out what was done hours ago; a new installation's is on its way."""
    now = notary.clock.now()
    if not found.sealed_at:
        is_due = bool(found.acts or found.lines)
        return [Finding(SEALS, "the record was never sealed before", Verdict.WARN, LOOK)] if is_due else []
    age = now - datetime.fromisoformat(found.sealed_at)
    if age > LATE:
        return [Finding(SEALS, f"the newest seal is {age // HOUR} hours old", fix=LOOK)]
    since = _unsealed_since(notary)
    if since is not None and now - since > SOON:
        return [Finding(SEALS, f"what was done since {since:%Y-%m-%d %H:%M} UTC is not sealed", fix=LOOK)]
    return []


def _unsealed_since(notary: Notary) -> datetime | None:
    """When the first act was done that no seal covers; None when there is none."""
    seal = read_seal(notary.seals, noted_seals(notary.store).seq) or {}
    covered = next((one.seq for one in sealed_by(seal) if one.chain == AUDITED), "0")
    after = notary.store.get(AUDITED, place(int(covered) + 1)) if covered.isdigit() else None
    return datetime.fromisoformat(str(after.body["at"])) if after else None
