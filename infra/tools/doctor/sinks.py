"""The log sinks: on, and allowed to write where they should."""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.tools.doctor.google import last
from infra.tools.doctor.outcomes import APPLY, CheckError, Outcome, State, failed, fine, listed
from infra.tools.doctor.site import Site

PUBLISHERS = frozenset({"roles/pubsub.publisher", "roles/pubsub.editor", "roles/pubsub.admin"})


def sinks(site: Site) -> Outcome:
    """Every log sink is on, and writes where it should."""
    faults = []
    for name, destination in site.estate.sinks.items():
        found = site.google.find(_address(site, name))
        faults += [f"{name} {fault}" for fault in _of_sink(found, destination)]
    return failed(listed(faults), APPLY) if faults else fine(f"{listed(site.estate.sinks)} are on")


def publishing(site: Site) -> Outcome:
    """The writer of the sink that feeds receive_log_entry may publish to its topic."""
    name, destination = next(iter(site.estate.sinks.items()))
    sink = _sink(site, name)
    topic = destination.partition("/")[2]
    policy = site.google.get(f"https://pubsub.googleapis.com/v1/{topic}:getIamPolicy")
    writers = {
        member
        for binding in policy.get("bindings", [])
        if binding["role"] in PUBLISHERS
        for member in binding["members"]
    }
    if sink.get("writerIdentity") not in writers:
        return failed(f"{name} may not publish to {last(topic)}: no error reaches us", APPLY)
    return fine(f"{name} may publish to {last(topic)}")


def writer(site: Site) -> str:
    """Who writes what the sink of request logs takes ("serviceAccount:...")."""
    name = list(site.estate.sinks)[-1]
    return str(_sink(site, name).get("writerIdentity"))


def _sink(site: Site, name: str) -> Mapping[str, Any]:
    found = site.google.find(_address(site, name))
    if found is None:
        raise CheckError(f"there is no log sink {name}", APPLY, state=State.SKIPPED)
    return found


def _of_sink(found: Mapping[str, Any] | None, destination: str) -> Iterator[str]:
    if found is None:
        yield "is missing"
        return
    if found.get("disabled"):
        yield "is disabled"
    if found.get("destination") != destination:
        yield f"writes to {found.get('destination')}"


def _address(site: Site, sink: str) -> str:
    return f"https://logging.googleapis.com/v2/projects/{site.estate.project}/sinks/{sink}"
