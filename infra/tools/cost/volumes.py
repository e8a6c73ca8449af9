"""How much of everything a month needs: invocations of each function along the hops, and what they use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cronsim import CronSim

from infra.tools.cost.lists import Assumptions
from infra.tools.cost.measuring import COUNTS, Measured, Usage
from infra.tools.cost.warehouse import Reading, bytes_a_day, rows_a_day
from infra.tools.estate import Manifest, secret_names
from shared.domain.configuration import Configuration

DAYS = 30
MINUTES = DAYS * 24 * 60
SECONDS = MINUTES * 60
MONTH = datetime(2026, 3, 1, tzinfo=UTC)  # schedules are counted over so many days from here
GIBIBYTES: Mapping[str, float] = {"Mi": 1 / 1024, "Gi": 1.0}


@dataclass(frozen=True, slots=True)
class World:
    """All that the month's volumes are computed from."""

    manifests: Mapping[str, Manifest]
    configuration: Configuration
    assumed: Assumptions
    measured: Measured
    read: Reading
    request_log_days: float


@dataclass(frozen=True, slots=True)
class Month:
    """What happens in a month of `events` requests a day. `quantities` by the name of their price."""

    events: float
    pushed: float
    incidents: float
    calls: Mapping[str, float]
    quantities: Mapping[str, float]
    segments: float
    voice_calls: float


def month(world: World, events: float) -> Month:
    """The month of so many events a day."""
    assumed = world.assumed
    pushed = events * assumed.pushed_share * DAYS
    incidents = min(pushed * assumed.incident_share, assumed.most_incidents_a_day * DAYS)
    calls = dict(_calls(world, pushed, incidents))
    total = _total(world.measured, pushed, incidents)
    quantities = {**_of_run(world, calls), **_of_stores(world, total, pushed), **_of_rest(world, calls)}
    rows = rows_a_day(
        world.read, requests=events, measurements=assumed.a_day["receive_measurement"], errors=pushed / DAYS
    )
    quantities["bigquery_bytes"] = DAYS * bytes_a_day(world.configuration, world.read, rows)
    kept = assumed.point_days * sum(world.read.rows_with_time.values()) * world.read.point_bytes
    quantities["bigquery_storage"] = kept + world.request_log_days * events * assumed.request_row_bytes
    return Month(events, pushed, incidents, calls, quantities, total.segments, total.call_count)


def _calls(world: World, pushed: float, incidents: float) -> Iterator[tuple[str, float]]:
    """Invocations of each function: what was counted along the hops, the schedules, and what people do."""
    seen, assumed = world.measured, world.assumed
    for name, manifest in world.manifests.items():
        trigger = manifest["trigger"]
        if trigger["type"] == "schedule":
            yield name, float(_runs(str(trigger["cron"])))
        elif name in assumed.arrivals:
            yield name, pushed * assumed.arrivals[name]
        else:
            counted = pushed * seen.event.calls.get(name, 0) + incidents * seen.incident.calls.get(name, 0)
            yield name, counted + _by_people(assumed, name, incidents, is_http=trigger["type"] == "http")


def _by_people(assumed: Assumptions, name: str, incidents: float, *, is_http: bool) -> float:
    named = name in assumed.for_each_incident or name in assumed.a_day
    others = assumed.others_a_day if is_http and not named else 0.0
    return incidents * assumed.for_each_incident.get(name, 0) + DAYS * (assumed.a_day.get(name, 0) + others)


def _runs(cron: str) -> int:
    end, count = MONTH + timedelta(days=DAYS), 0
    for at in CronSim(cron, MONTH):
        if at > end:
            break
        count += 1
    return count


def _total(seen: Measured, pushed: float, incidents: float) -> Usage:
    parts = ((pushed, seen.event), (incidents, seen.incident), (MINUTES, seen.minute))
    return Usage(**{name: sum(times * getattr(usage, name) for times, usage in parts) for name in COUNTS})


def _of_run(world: World, calls: Mapping[str, float]) -> dict[str, float]:
    """Requests that are answered at the same time share an instance's seconds, as many as its concurrency lets."""
    cpu = memory = idle_cpu = idle_memory = 0.0
    for name, manifest in world.manifests.items():
        seconds = calls[name] * _seconds(world.assumed, name, manifest)
        together = min(float(manifest["concurrency"]), max(1.0, seconds / SECONDS))
        busy = seconds / together
        idle = max(0.0, manifest["min_instances"] * SECONDS - busy)
        cpu, memory = cpu + busy * manifest["cpu"], memory + busy * gibibytes(manifest["memory"])
        idle_cpu, idle_memory = idle_cpu + idle * manifest["cpu"], idle_memory + idle * gibibytes(manifest["memory"])
    used = {"run_cpu": cpu, "run_memory": memory, "run_requests": sum(calls.values())}
    return used | {"run_idle_cpu": idle_cpu, "run_idle_memory": idle_memory}


def _of_stores(world: World, total: Usage, pushed: float) -> dict[str, float]:
    return {
        "firestore_reads": total.reads,
        "firestore_writes": total.writes,
        "firestore_deletes": total.deletes,
        "pubsub_bytes": total.pubsub_bytes + 2 * pushed * world.assumed.event_bytes,
    }


def _of_rest(world: World, calls: Mapping[str, float]) -> dict[str, float]:
    starts = {name: min(count, world.assumed.starts_a_day * DAYS) for name, count in calls.items()}
    return {
        "scheduler_jobs": sum(manifest["trigger"]["type"] == "schedule" for manifest in world.manifests.values()),
        "secret_versions": len(secret_names(world.manifests)),
        "secret_accesses": sum(starts[name] * len(manifest["secrets"]) for name, manifest in world.manifests.items()),
        "logging_bytes": sum(calls.values()) * world.assumed.log_bytes,
    }


def _seconds(assumed: Assumptions, name: str, manifest: Manifest) -> float:
    return assumed.seconds.get(name, assumed.seconds[manifest["trigger"]["type"]])


def gibibytes(memory: str) -> float:
    """512Mi -> 0.5."""
    return float(memory[:-2]) * GIBIBYTES[memory[-2:]]
