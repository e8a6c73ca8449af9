"""Roll back: the packages of an earlier release, planned and applied like any other change."""

from collections.abc import Iterable, Mapping

from infra.tools import package
from infra.tools.deploy.changes import Changes, running
from infra.tools.deploy.installation import Installation
from infra.tools.deploy.planning import PACKAGES, Deployer, plan_back
from infra.tools.deploy.saved import RefusedPlanError, refuse_deletions
from infra.tools.package import functions as functions_of
from shared.usecases.releases import Release


def plan_rollback(here: Installation, by: Deployer, *, to: int | None = None) -> tuple[Release, Changes]:
    """Plan the way back to release `to`, or to what ran before; raises LookupError when there is nothing to go back to.

    Only packages go back. What functions are given (memory, secrets, roles) stays as this tree says.
    """
    last = here.releases.last()
    if last is None:
        raise LookupError(f"{here.environment.name} has no release yet: there is nothing to go back to")
    here.terraform.init()
    now = running(here.terraform.shown())
    target = _target(here, last, now, to)
    wanted = restored(target, now, functions_of(here.root))
    _refuse_unless_kept(here, wanted, now)
    whole = {**_packed(here, without=wanted), **wanted}
    saved, found = plan_back(here, Deployer(by.who, target.commit), whole, base=last, target=target)
    refuse_deletions(saved.deletions, allowed=())
    return target, found


def restored(target: Release, now: Mapping[str, str], tree: Iterable[str]) -> dict[str, str]:
    """The package of each function of the tree: the release's, or for a function it did not have yet, what runs."""
    wanted = {name: target.functions.get(name) or now.get(name, "") for name in tree}
    return {name: sha for name, sha in wanted.items() if sha}


def is_running(release: Release, now: Mapping[str, str]) -> bool:
    """True when every function runs the release's package."""
    return all(now.get(name) == sha for name, sha in release.functions.items())


def _target(here: Installation, last: Release, now: Mapping[str, str], to: int | None) -> Release:
    """A deployment that was applied in part left no release: then what is gone back to is the last one."""
    if to is not None:
        target = here.releases.get(to)
        named = f"release {to}"
    else:
        target = here.releases.before(last) if is_running(last, now) else last
        named = f"release before release {last.number}"
    if target is None:
        raise LookupError(f"{here.environment.name} has no {named}; the last one is {last.number}")
    return target


def _packed(here: Installation, *, without: Mapping[str, str]) -> dict[str, str]:
    """Functions that no release has and that do not run (their first deployment failed) are packed from the tree."""
    if set(functions_of(here.root)) <= set(without):
        return {}
    packed = package.write(here.folder / PACKAGES, root=here.root)
    return {name: path.stem for name, path in packed if name not in without}


def _refuse_unless_kept(here: Installation, wanted: Mapping[str, str], now: Mapping[str, str]) -> None:
    lost = [name for name, sha in wanted.items() if now.get(name) != sha and not here.releases.has_package(name, sha)]
    if lost:
        raise RefusedPlanError(f"the packages of {', '.join(lost)} are no longer in {here.environment.releases_bucket}")
