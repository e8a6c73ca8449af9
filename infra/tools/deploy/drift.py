"""Drift: what somebody changed in the cloud by hand and the next apply would take back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from infra.tools.deploy.changes import NOTHING, differing, running
from infra.tools.deploy.installation import Installation
from infra.tools.deploy.planning import values
from infra.tools.deploy.terraform import Document
from infra.tools.package import functions as functions_of
from shared.domain.signals import Signal, own_signal

NOT_DEPLOYED = "0" * 64  # a function that is in the tree only; what it would become is not asked


@dataclass(frozen=True, slots=True)
class Drift:
    """One resource that is not as it was applied; no `fields` when it is gone altogether."""

    address: str
    kind: str
    fields: tuple[str, ...]


def look(here: Installation) -> list[Drift]:
    """Compare the cloud with what was applied; nothing is locked, changed or kept."""
    here.terraform.init()
    now = running(here.terraform.shown())
    functions = {name: now.get(name, NOT_DEPLOYED) for name in functions_of(here.root)}
    out = here.folder / "drift.tfplan"
    here.terraform.plan(out, files=values(here, functions), is_read_only=True)
    return drifts(here.terraform.shown(out))


def drift_signal(here: Installation, lines: Sequence[str]) -> Signal:
    """That there is drift, or that there is none any more; one incident, told again by its rule."""
    return own_signal(
        "drift",
        subject="installation",
        title=f"{len(lines)} resources were changed by hand" if lines else "The installation is as it was deployed",
        summary="; ".join(lines),
        at=here.clock.now(),
        over=not lines,
    )


def drifts(plan: Document) -> list[Drift]:
    """What differs from the state *and* would be put right: changes of our own in the tree are not among them.

    The cloud changes much by itself (times, counters, revisions); nobody takes that back, so it is no drift.
    """
    intended = {one["address"]: one for one in plan.get("resource_changes", ()) if not _stays(one)}
    return list(_drifts(plan, intended))


def _drifts(plan: Document, intended: dict[str, Document]) -> Iterator[Drift]:
    for seen in plan.get("resource_drift", ()):
        if seen["address"] not in intended:
            continue
        if "delete" in seen["change"]["actions"]:
            yield Drift(seen["address"], seen["type"], ())
            continue
        back = intended[seen["address"]]["change"]
        fields = differing(seen["change"]["before"], seen["change"]["after"]) & differing(
            back["before"], back["after"], back.get("after_unknown")
        )
        if fields:
            yield Drift(seen["address"], seen["type"], tuple(sorted(fields)))


def _stays(one: Document) -> bool:
    return set(one["change"]["actions"]) <= NOTHING
