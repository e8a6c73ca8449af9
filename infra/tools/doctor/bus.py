"""The bus: topics, and subscriptions that are pushed to the right function, with a token, and lose nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.tools.doctor.google import last
from infra.tools.doctor.outcomes import APPLY, Outcome, failed, fine, listed
from infra.tools.doctor.site import Site
from infra.tools.estate import Reading

HOST = "https://pubsub.googleapis.com/v1"


def topics(site: Site) -> Outcome:
    """Every topic is there."""
    there = {last(one["name"]) for one in _every(site, "topics")}
    missing = site.estate.topics - there
    return failed(f"missing: {listed(missing)}", APPLY) if missing else fine(f"all {len(site.estate.topics)} are there")


def subscriptions(site: Site) -> Outcome:
    """Every subscription reads its topic, pushes to its function, and keeps what the function refuses."""
    there = {last(one["name"]): one for one in _every(site, "subscriptions")}
    faults = [f"{reading.name} {fault}" for reading in site.estate.readings for fault in _faults(site, reading, there)]
    kept = there.get(site.estate.dead_letters)
    if kept is None or last(str(kept.get("topic"))) != site.estate.dead_letters:
        faults.append(f"nothing keeps the dead letters ({site.estate.dead_letters})")
    if faults:
        return failed(listed(faults), APPLY)
    return fine(f"all {len(site.estate.readings)} push to their functions and keep their dead letters")


def _faults(site: Site, reading: Reading, there: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    found = there.get(reading.name)
    if found is None:
        yield "is missing"
        return
    topic = f"projects/{site.estate.project}/topics/{reading.topic}"
    if found.get("topic") != topic:
        yield f"reads {last(str(found.get('topic')))}, not {reading.topic}"
    push = found.get("pushConfig") or {}
    if push.get("pushEndpoint") != f"{site.estate.url(reading.function, site.number)}/{topic}":
        yield f"does not push to {reading.function}"
    if not (push.get("oidcToken") or {}).get("serviceAccountEmail"):
        yield "pushes without a token"
    if last(str((found.get("deadLetterPolicy") or {}).get("deadLetterTopic"))) != site.estate.dead_letters:
        yield "has no dead letters"
    if found.get("state", "ACTIVE") != "ACTIVE":
        yield f"is {found['state']}"


def _every(site: Site, what: str) -> Iterator[Mapping[str, Any]]:
    return site.google.every(f"{HOST}/projects/{site.estate.project}/{what}", what, pageSize="500")
