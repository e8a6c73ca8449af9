"""The state store: the database, its indexes, what deletes old documents, and the heartbeats kept in it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from infra.tools.doctor.outcomes import APPLY, Outcome, failed, fine, listed, warned
from infra.tools.doctor.site import Site
from infra.tools.estate import Index
from shared.domain.audit import HEARTBEATS as GRACE
from shared.ports.store import StateStore
from shared.usecases.records import HEARTBEATS

ENDS = "expires_at"


def database(site: Site) -> Outcome:
    """There is one, in native mode and protected as it should be."""
    found = site.google.find(_address(site))
    if found is None:
        return failed(f"there is no database {site.estate.database}", APPLY)
    if found.get("type") != "FIRESTORE_NATIVE":
        return failed(f"{site.estate.database} is {found.get('type')}, not FIRESTORE_NATIVE", "make it anew")
    bare = [says for says, is_bare in _unprotected(site, found) if is_bare]
    return warned(f"{site.estate.database} {listed(bare)}", APPLY) if bare else fine(f"{site.estate.database} is there")


def indexes(site: Site) -> Outcome:
    """Every index that a query of ours is served by is ready."""
    found = {_index(one): str(one.get("state")) for one in site.google.every(_every(site, "indexes"), "indexes")}
    states = {_spelled(index): found.get(index, "missing") for index in site.estate.indexes}
    building = [name for name, state in states.items() if state == "CREATING"]
    faulty = [f"{name} {state}" for name, state in states.items() if state not in {"READY", "CREATING"}]
    if faulty:
        return failed(f"not ready: {listed(faulty)}", APPLY)
    if building:
        return warned(f"still being built: {listed(building)}", "wait; queries that need them fail until then")
    return fine(f"all {len(states)} are ready")


def deletion(site: Site) -> Outcome:
    """Documents with an end are deleted after it, in every collection."""
    fields = site.google.every(_every(site, "fields"), "fields", filter="ttlConfig:*")
    active = {
        parts[-3]
        for one in fields
        if (parts := str(one["name"]).split("/"))[-1] == ENDS and one.get("ttlConfig", {}).get("state") == "ACTIVE"
    }
    missing = set(site.estate.collections) - active
    if missing:
        return warned(f"{ENDS} deletes nothing (yet) in {listed(missing)}", f"{APPLY}; a new policy takes a while")
    return fine(f"old documents of all {len(site.estate.collections)} collections are deleted")


def heartbeats(store: StateStore, now: datetime) -> Outcome:
    """The jobs that watch each other have run lately; their own graces decide what is lately."""
    late = sorted(_late(store, now))
    if late:
        return failed(f"no heartbeat: {listed(late)}", "look at the function's log and at its schedule")
    return fine(f"{listed(GRACE)} beat")


def _late(store: StateStore, now: datetime) -> Iterator[str]:
    for job, (_, grace) in GRACE.items():
        beat = store.get(HEARTBEATS, job)
        if beat is None:
            yield f"{job} never ran"
        elif (ago := now - datetime.fromisoformat(str(beat.body["at"]))) > grace:
            yield f"{job} ran last {ago.total_seconds() / 60:.0f} minutes ago"


def _unprotected(site: Site, found: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    recovery = found.get("pointInTimeRecoveryEnablement") != "POINT_IN_TIME_RECOVERY_ENABLED"
    yield "has no point-in-time recovery", recovery
    deletable = found.get("deleteProtectionState") != "DELETE_PROTECTION_ENABLED"
    yield "can be deleted", deletable and site.estate.environment == "production"


def _address(site: Site) -> str:
    estate = site.estate
    return f"https://firestore.googleapis.com/v1/projects/{estate.project}/databases/{estate.database}"


def _every(site: Site, what: str) -> str:
    """Of all collections at once: "-" stands for every one (as gcloud asks)."""
    return f"{_address(site)}/collectionGroups/-/{what}"


def _index(found: Mapping[str, Any]) -> Index:
    """As Firestore tells it: it adds the document's name as the last field by itself."""
    fields = [one for one in found.get("fields", []) if one["fieldPath"] != "__name__"]
    collection = str(found["name"]).split("/")[-3]
    return Index(collection, tuple(one["fieldPath"] for one in fields), str(fields[-1].get("order")) if fields else "")


def _spelled(index: Index) -> str:
    return f"{index.collection}({', '.join(index.fields)} {index.direction.lower()})"
