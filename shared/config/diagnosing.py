"""diagnostics.yaml and services.yaml put together."""

from datetime import timedelta

from shared.config.diagnosing_wire import DiagnosticsFile, ServicesFile, ServiceWire
from shared.config.durations import duration
from shared.config.faults import Fault, Path
from shared.domain.changes import PLACEHOLDERS, Service, unknown_placeholders
from shared.domain.diagnoses import Diagnostics, Kind

MOST = timedelta(seconds=45)  # with the start and the commit, a diagnosis is there within a minute


def diagnostics(file: DiagnosticsFile) -> Diagnostics:
    """What is asked about which incident. Raises Fault."""
    for place, given in (("limit", file.limit), *((f"limits.{probe}", limit) for probe, limit in file.limits.items())):
        if not timedelta(0) < duration(given) <= MOST:
            raise Fault(tuple(place.split(".")), f"{given} is too long for a probe", "write 1s to 45s")
    return Diagnostics(
        kinds=tuple(Kind(wire.alert_types, tuple(dict.fromkeys(wire.probes))) for wire in file.kinds),
        start_after=duration(file.start_after),
        pause=duration(file.pause),
        limit=duration(file.limit),
        limits={probe: duration(limit) for probe, limit in file.limits.items()},
        usual_over=duration(file.usual_over),
    )


def services(file: ServicesFile) -> tuple[Service, ...]:
    """The parts of the marketplace. Raises Fault for a command with a placeholder that means nothing."""
    return tuple(_service(wire, ("services", index)) for index, wire in enumerate(file.services))


def _service(wire: ServiceWire, place: Path) -> Service:
    unknown = unknown_placeholders(wire.rollback)
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
        raise Fault((*place, "rollback"), f"{{{unknown[0]}}} means nothing", f"use {known}")
    return Service(wire.name, wire.also, wire.rollback)
