"""Plan: pack every function, let Terraform say what it would do, and keep both for `apply`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.tools import package
from infra.tools.deploy import saved as plans
from infra.tools.deploy import tree
from infra.tools.deploy.changes import Changes, changes
from infra.tools.deploy.installation import Installation
from infra.tools.deploy.saved import PLAN, Saved
from shared.usecases.releases import Release

PACKAGES = "packages"


@dataclass(frozen=True, slots=True)
class Deployer:
    """Who deploys which commit."""

    who: str
    commit: str


def plan(here: Installation, by: Deployer, *, is_read_only: bool = False) -> tuple[Saved, Changes]:
    """Plan what the tree says."""
    functions = {name: path.stem for name, path in package.write(here.folder / PACKAGES, root=here.root)}
    here.terraform.init()
    return _planned(here, by, functions, base=here.releases.last(), is_read_only=is_read_only)


def plan_back(
    here: Installation, by: Deployer, functions: Mapping[str, str], *, base: Release, target: Release
) -> tuple[Saved, Changes]:
    """Plan the packages of an earlier release; Terraform must be initialised."""
    return _planned(here, by, functions, base=base, restores=target.restores or target.number)


def values(here: Installation, functions: Mapping[str, str]) -> list[Path]:
    """The files of values that Terraform is given."""
    file = here.folder / package.RELEASE
    file.write_text(json.dumps({"release": dict(functions)}, indent=2), encoding="utf-8")
    return [here.environment.file, file]


def _planned(
    here: Installation,
    by: Deployer,
    functions: Mapping[str, str],
    *,
    base: Release | None,
    restores: int = 0,
    is_read_only: bool = False,
) -> tuple[Saved, Changes]:
    out = here.folder / PLAN
    here.terraform.plan(out, files=values(here, functions), is_read_only=is_read_only, refreshes=not is_read_only)
    found = changes(here.terraform.shown(out), functions)
    record = Saved(
        environment=here.environment.name,
        project=here.environment.project,
        commit=by.commit,
        who=by.who,
        planned_at=here.clock.now(),
        functions=dict(functions),
        files=tree.files(here.root, here.environment.name),
        plan_sha=plans.digest(out),
        base=base.number if base else 0,
        restores=restores,
        is_read_only=is_read_only,
        deletions=found.deletions,
    )
    return plans.write(here.folder, record), found
