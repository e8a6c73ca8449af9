"""Merging: one incident goes on in another, which counts its signals from then on."""

from dataclasses import dataclass, replace
from enum import StrEnum

from shared.domain.acting import By
from shared.domain.incidents import KEYS_KEPT, Incident, State, settled
from shared.domain.incidents import TimelineEntry as Entry


class Merging(StrEnum):
    """What a wish to merge came to."""

    MERGED = "merged"
    ITSELF = "an incident cannot be merged into itself"
    ALREADY = "it was merged before"
    CLOSED = "a closed incident stays as it is"
    CHAIN = "others were merged into it; merge those that are left into it instead"
    INTO_MERGED = "the other one was merged itself; merge into the one it points at"
    INTO_OVER = "the other one is over"
    INTO_LESS_SEVERE = "the other one is less severe; merge the other way round, or raise it first"
    UNKNOWN = "there is no such incident to merge into"
    RESTRICTED = "a restricted incident stays by itself"
    REHEARSAL = "a rehearsal stays by itself"


@dataclass(frozen=True, slots=True)
class Merged:
    """Both incidents afterwards, and a line for the record of each; neither has changed when it was refused."""

    outcome: Merging
    gone: Incident
    survivor: Incident
    gone_entry: Entry | None = None
    survivor_entry: Entry | None = None


def merge(gone: Incident, survivor: Incident, by: By) -> Merged:
    """`gone` points at `survivor`; its escalation, its clocks and its promises end.

    The survivor has never to change its severity for it, and is over once everything it took in is.
    """
    refused = refusal(gone, survivor)
    if refused is not None:
        return Merged(refused, gone, survivor)
    now = by.now
    over = replace(
        gone,
        state=State.MERGED,
        merged_into=survivor.id,
        resolved_at=gone.resolved_at or now,
        due_at=None,
        ack_expires_at=None,
        steady_at=None,
        acknowledge_by=settled(gone.acknowledge_by, now),
        resolve_by=settled(gone.resolve_by, now),
        ladder=replace(gone.ladder, next_at=None),
        open_tasks=0,
        revision=gone.revision + 1,
        held="",
        held_by="",
    )
    both = replace(
        survivor,
        count=survivor.count + gone.count,
        keys=(*survivor.keys, *(key for key in gone.keys if key not in survivor.keys))[-KEYS_KEPT:],
        started_at=min(survivor.started_at, gone.started_at),
        last_fired_at=max(survivor.last_fired_at, gone.last_fired_at),
        merged=(*survivor.merged, gone.id),
        firing=_firing(gone, survivor),
        open_tasks=survivor.open_tasks + gone.open_tasks,
        revision=survivor.revision + 1,
    )
    return Merged(
        Merging.MERGED,
        over,
        both,
        by.entry("merged", Merging.MERGED, f"into {survivor.id}"),
        by.entry("merged", Merging.MERGED, f"{gone.id}: {gone.title}"),
    )


def refusal(gone: Incident, survivor: Incident) -> Merging | None:
    """Why the two cannot be merged; None when they can."""
    checks = (
        (gone.id == survivor.id, Merging.ITSELF),
        (gone.state is State.MERGED, Merging.ALREADY),
        (gone.state is State.CLOSED, Merging.CLOSED),
        (bool(gone.merged), Merging.CHAIN),
        (survivor.state is State.MERGED, Merging.INTO_MERGED),
        (not survivor.state.is_open, Merging.INTO_OVER),
        (bool(gone.restricted or survivor.restricted), Merging.RESTRICTED),
        ("test" in {gone.source, survivor.source}, Merging.REHEARSAL),
        (gone.state.is_open and gone.severity.rank > survivor.severity.rank, Merging.INTO_LESS_SEVERE),
    )
    return next((reason for refused, reason in checks if refused), None)


def still_firing(incident: Incident, fingerprint: str) -> tuple[str, ...]:
    """What a signal of this fingerprint leaves firing once it ends; empty: the whole incident is over."""
    return tuple(name for name in incident.firing if name != fingerprint)


def _firing(gone: Incident, survivor: Incident) -> tuple[str, ...]:
    found = (*(survivor.firing or (survivor.fingerprint,)), *((gone.fingerprint,) if gone.state.is_open else ()))
    return tuple(dict.fromkeys(found))
