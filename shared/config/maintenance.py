"""maintenance.yaml put together, and what does not fit the rest of the configuration."""

from collections.abc import Collection, Iterable, Iterator
from datetime import time
from urllib.parse import urlsplit

from shared.config import time_zones
from shared.config.faults import Fault, Finding, Level, Path
from shared.config.maintenance_wire import ItemWire, MaintenanceFile, RollbackWire
from shared.config.placeholders import is_demo
from shared.config.suggesting import one_of
from shared.domain.checklists import Item
from shared.domain.configuration import Configuration
from shared.domain.low_traffic import LowTraffic
from shared.domain.maintenance_plan import MaintenancePlan
from shared.domain.rollbacks import RollbackTarget

FILE = "maintenance.yaml"


def maintenance(file: MaintenanceFile) -> MaintenancePlan:
    """What the file says. Raises Fault."""
    hours, zone = file.low_traffic, ("low_traffic", "timezone")
    time_zones.zone(hours.timezone, zone)
    if hours.end <= hours.start:
        raise Fault(
            ("low_traffic", "to"),
            "the hours end before they begin",
            'name hours of one day, such as {from: "02:00", to: "04:00"}',
        )
    _once("checklist", (wire.id for wire in file.checklist), "id")
    _once("rollbacks", (wire.name for wire in file.rollbacks), "name")
    targets = [_target(wire, file.hosts, ("rollbacks", n)) for n, wire in enumerate(file.rollbacks)]
    return MaintenancePlan(
        readers=file.readers,
        urgent=file.urgent,
        low_traffic=LowTraffic(time.fromisoformat(hours.start), time.fromisoformat(hours.end), hours.timezone),
        when_not_ready=file.when_not_ready,
        rotation=file.rotation,
        checklist=tuple(map(_item, file.checklist)),
        rollbacks={target.name: target for target in targets},
        hosts=file.hosts,
    )


def maintenance_findings(configuration: Configuration) -> Iterator[Finding]:
    """Readers and rotations that are nowhere else."""
    plan, directory = configuration.maintenance, configuration.directory
    if plan == MaintenancePlan():
        return  # nothing is said, so nothing can be wrong
    known: dict[str, Collection[str]] = {
        "person": directory.people,
        "team": directory.teams,
        "oncall": directory.rotations,
        "slack": configuration.slack_channels,
    }
    for key, targets in (("readers", plan.readers), ("urgent", plan.urgent)):
        for index, target in enumerate(targets):
            kind, _, name = target.partition("@")[0].partition(":")
            if name not in known[kind]:
                what, fix = (
                    f"there is no {kind} {name}",
                    one_of((f"{kind}:{one}" for one in known[kind]), f"{kind}:{name}"),
                )
                yield Finding(Level.ERROR, FILE, (key, index), what, fix)
    for index, host in enumerate(plan.hosts):
        if is_demo(host) and not configuration.demo_contacts:
            fix = "write the host your rollbacks are on, or remove it"
            yield Finding(Level.ERROR, FILE, ("hosts", index), f"{host!r} is a placeholder", fix)
    if directory.rotations and plan.rotation not in directory.rotations:
        what = f"there is no rotation {plan.rotation}"
        yield Finding(Level.ERROR, FILE, ("rotation",), what, one_of(directory.rotations, plan.rotation))


def _once(key: str, names: Iterable[str], field: str) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            raise Fault((key, index, field), f"{name} is there twice", f"give every one its own, such as {name}_2")
        seen.add(name)


def _item(wire: ItemWire) -> Item:
    return Item(wire.id, wire.when, wire.en, wire.ar, wire.known, wire.emergency)


def _target(wire: RollbackWire, hosts: tuple[str, ...], place: Path) -> RollbackTarget:
    if bool(wire.webhook) is bool(wire.build_trigger):
        raise Fault(
            place,
            "a rollback is a webhook or a build_trigger",
            'write webhook: "https://..." or build_trigger: NAME, not both',
        )
    host = urlsplit(wire.webhook).hostname if wire.webhook else None
    if host is not None and host not in hosts:
        raise Fault((*place, "webhook"), f"{host} is not one of the hosts", f"add {host} to hosts:")
    return RollbackTarget(wire.name, wire.webhook or "", wire.build_trigger or "", wire.region)
