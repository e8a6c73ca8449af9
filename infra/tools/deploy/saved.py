"""The plan that was saved: for what it was made, and that nothing has changed since."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from infra.tools.deploy import tree
from shared import typed
from shared.errors import ConfigurationError, PermanentError

PLAN, RECORD = "saved.tfplan", "plan.json"
NAMED = 5  # how many files a refusal names


class Stage(StrEnum):
    """How far a plan has come."""

    PLANNED = "planned"
    APPLIED = "applied"
    PROVED = "proved"


class RefusedPlanError(PermanentError):
    """The saved plan must not be applied; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A plan of one environment. `base` is the release that was the last one when it was made, 0 when there was none.

    `deletions` are the addresses whose data would be lost; `restores` the release it goes back to, 0 for a new one.
    """

    environment: str
    project: str
    commit: str
    who: str
    planned_at: datetime
    functions: Mapping[str, str]
    files: Mapping[str, str]
    plan_sha: str
    base: int
    restores: int = 0
    is_read_only: bool = False
    deletions: Sequence[str] = field(default_factory=tuple)
    stage: Stage = Stage.PLANNED
    release: int = 0


def write(folder: Path, saved: Saved) -> Saved:
    """Keep the record beside its plan."""
    (folder / RECORD).write_bytes(msgspec.json.format(msgspec.json.encode(saved), indent=1))
    return saved


def read(folder: Path, environment: str) -> Saved:
    """The record of the last plan; raises ConfigurationError when there is none."""
    try:
        return typed.decode_json((folder / RECORD).read_bytes(), Saved)
    except FileNotFoundError as error:
        text = f"nothing is planned for {environment}; run soukmon deploy plan --env {environment}"
        raise ConfigurationError(text) from error


def advanced(folder: Path, saved: Saved, stage: Stage, *, release: int) -> Saved:
    """It has come further."""
    return write(folder, replace(saved, stage=stage, release=release))


def digest(plan: Path) -> str:
    """What tells a plan file from another."""
    return hashlib.sha256(plan.read_bytes()).hexdigest()


def refuse_unless_intact(saved: Saved, folder: Path, root: Path) -> None:
    """Raise RefusedPlanError unless this very plan may still be applied from this very tree."""
    again = f"run soukmon deploy plan --env {saved.environment} again"
    if saved.stage is not Stage.PLANNED:
        raise RefusedPlanError(f"the plan was applied already, as release {saved.release}; {again}")
    if saved.is_read_only:
        raise RefusedPlanError(f"the plan was made to be read only; {again} without --read-only")
    if digest(folder / PLAN) != saved.plan_sha:
        raise RefusedPlanError(f"{folder / PLAN} is not the plan that was shown; {again}")
    changed = tree.differences(saved.files, tree.files(root, saved.environment))
    if changed:
        others = f" and {len(changed) - NAMED} more" if len(changed) > NAMED else ""
        raise RefusedPlanError(f"the tree has changed since the plan: {', '.join(changed[:NAMED])}{others}; {again}")


def refuse_deletions(deletions: Sequence[str], *, allowed: Sequence[str]) -> None:
    """Raise RefusedPlanError unless each deletion of data was asked for by its address."""
    unasked = [address for address in deletions if address not in allowed]
    if unasked:
        flags = " ".join(f"--delete '{address}'" for address in unasked)
        raise RefusedPlanError(f"it would delete what cannot be brought back; if that is meant, say {flags}")
