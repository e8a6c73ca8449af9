"""Dependency updates: security fixes, newer versions, whether they fit together, and the change that proposes them.

Nothing is merged, and nothing is installed: what a function cannot do (resolve, build, test) Cloud Build does for the
pull request. Without a repository the proposal is kept as files in our store.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from shared.domain.advisories import Exposure, exposures
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.pinned import PYPI, Lock, Pin, pins_of
from shared.domain.security_plan import UpdatePlan
from shared.domain.updates import Change, merged, relocked
from shared.errors import SourceError
from shared.ports.objects import ObjectStore
from shared.ports.security import Advisories, DeployedLocks, PackageIndex, Repository
from shared.ports.store import Put, StateStore
from shared.usecases.jobs.choosing_updates import LeftOut, chosen, fitting
from shared.usecases.jobs.known_vulnerabilities import ask
from shared.usecases.jobs.proposals import Proposal, proposal_of, put_forward
from shared.usecases.jobs.rollback_check import rollback
from shared.usecases.jobs.running import Step
from shared.usecases.jobs.versions import ORDERED
from shared.usecases.records import UPDATES, body_of, value_of
from shared.usecases.releases import KeptReleases

NOTHING = "there is no lock file to update"


@dataclass(frozen=True, slots=True)
class Updating:
    """What updates reach. `repository` is None where security.yaml names none; `deployed` is the lock without one."""

    plan: UpdatePlan
    advisories: Advisories
    index: PackageIndex
    deployed: tuple[DeployedLocks, ...]
    repository: Repository | None
    releases: KeptReleases
    objects: ObjectStore
    store: StateStore


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a run has chosen, for the steps after: the lock that it began with, and the changes."""

    lock: str
    changes: tuple[Change, ...]


def update_steps(updating: Updating) -> Mapping[str, Step]:
    """The steps by their names."""
    return {
        "patches": partial(patches, updating),
        "updates": partial(updates, updating),
        "compatibility": partial(compatibility, updating),
        "rollback": lambda run: rollback(updating.releases, updating.index, run),
    }


def patches(updating: Updating, run: Run) -> StepResult:
    """The pins for which there is a version without a known vulnerability."""
    try:
        pins = _pins(_lock(updating))
    except SourceError as error:
        return _no_lock(updating, error)
    if not pins:
        return StepResult("", Verdict.SKIPPED, NOTHING)
    known = ask(pins, updating.advisories, updating.store, run.at, keep=not run.is_dry)
    if len(known.unknown) == len(pins):
        return StepResult("", Verdict.SKIPPED, f"{known.because}; nothing is known here about any package")
    fixed = [one for exposed in _exposed(pins, updating, run).values() for one in exposed if one.fixed]
    findings = [
        Finding(
            f"{one.pin.name}/{one.id}",
            f"{one.pin.name} {one.pin.version} has {one.id} ({one.danger}), {one.fixed} has not",
            Verdict.WARN,
            "merge the update that this run proposes",
        )
        for one in fixed
    ]
    result = result_of(findings, reason="no pin has a vulnerability that an update would end", fixes=len(fixed))
    return replace(result, raised=bool(known.unknown))


def updates(updating: Updating, run: Run) -> StepResult:
    """The newest version of each pin that may be taken; kept for the steps that follow."""
    try:
        text = _lock(updating)
    except SourceError as error:
        return _no_lock(updating, error)
    pins = _pins(text)
    if not pins:
        return StepResult("", Verdict.SKIPPED, NOTHING)
    exposed = _exposed(pins, updating, run)
    changes: list[Change] = []
    blind: list[Finding] = []
    for pin in pins:
        try:
            offered = updating.index.offered(pin.name)
            found = chosen(pin, offered, exposed.get(pin, []), now=run.at, cool_down=updating.plan.cool_down)
        except (SourceError, ValueError) as error:
            blind.append(Finding(f"index/{pin.name}", f"{pin.name} was not looked up: {error}", Verdict.WARN))
        else:
            changes += [found] if found else []
    if len(blind) == len(pins):
        return StepResult("", Verdict.SKIPPED, blind[0].what)
    if not run.is_dry:
        updating.store.commit([Put(UPDATES, run.id, body_of(Chosen(text, tuple(changes))))])
    sizes = Counter(one.size.value for one in changes)
    said = ", ".join(f"{count} {size}" for size, count in sorted(sizes.items())) or "everything is up to date"
    return replace(result_of(blind, reason=said, packages=len(pins), **sizes), raised=bool(blind))


def compatibility(updating: Updating, run: Run) -> StepResult:
    """Which of the changes fit together; those are proposed, with a lock file that is whole."""
    row = updating.store.get(UPDATES, run.id)
    if row is None:
        why = "a dry run proposes nothing" if run.is_dry else "the step before has chosen nothing"
        return StepResult("", Verdict.SKIPPED, why)
    kept = value_of(row, Chosen)
    if not kept.changes:
        return StepResult("", Verdict.PASS, "everything is up to date", {"proposed": 0})
    try:
        made, out, _ = fitting(_pins(kept.lock), kept.changes, updating.index)
        proposal = proposal_of(updating.plan, relocked(kept.lock, made), made, out)
        where = put_forward(proposal, updating.repository, updating.objects, updating.store, run) if made else ""
    except SourceError as error:
        return StepResult("", Verdict.FAIL, f"no update was proposed: {error}", raised=True)
    return _told(proposal, where, out)


def _told(proposal: Proposal, where: str, out: list[LeftOut]) -> StepResult:
    left = [
        Finding(
            f"left/{one.change.name}", f"{one.change.name} {one.change.after} is left out: {one.because}", Verdict.PASS
        )
        for one in out
    ]
    reason = f"{proposal.title}: {where}" if where else "no update fits with the others"
    return result_of(left, reason=reason, proposed=proposal.count, left_out=len(out), where=where or None)


def _no_lock(updating: Updating, error: SourceError) -> StepResult:
    plan = updating.plan
    fix = f"; see that SOUKMON_GITHUB_TOKEN may read {plan.lock} of {plan.repository}" if plan.repository else ""
    return StepResult("", Verdict.SKIPPED, f"{error}{fix}")


def _lock(updating: Updating) -> str:
    """The repository's lock; without one, what is deployed; without that, what runs here."""
    if updating.repository is not None:
        return updating.repository.read(updating.plan.lock)
    for source in updating.deployed:
        if found := [one.text for one in source.locks() if one.ecosystem == PYPI]:
            return merged(found)
    return ""


def _pins(text: str) -> list[Pin]:
    return sorted(pins_of(Lock("the lock", PYPI, text)))


def _exposed(pins: list[Pin], updating: Updating, run: Run) -> dict[Pin, list[Exposure]]:
    known = ask(pins, updating.advisories, updating.store, run.at, keep=not run.is_dry)
    return {pin: exposures(pin, found, ORDERED[PYPI]) for pin, found in known.of.items()}
