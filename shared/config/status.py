"""status.yaml put together: the components of the public page, what speaks for them, and what we probe."""

from shared.config.durations import duration
from shared.config.faults import Fault
from shared.config.noise import matchers
from shared.config.status_wire import ComponentWire, NamedWire, ProbeWire, StatusFile
from shared.config.suggesting import one_of
from shared.domain.status import Bilingual, Component, Patience, Probe, StatusPage


def status_page(file: StatusFile) -> StatusPage:
    """The page. Raises Fault for a component that needs one which is not there."""
    for name, wire in file.components.items():
        for index, need in enumerate(wire.needs):
            if need not in file.components:
                place = ("components", name, "needs", index)
                raise Fault(place, f"there is no component {need}", one_of(file.components, need))
    patience = file.patience
    return StatusPage(
        name=_named(file.name),
        components={name: _component(name, wire) for name, wire in file.components.items()},
        probes={name: _probe(name, wire) for name, wire in file.probes.items()},
        patience=Patience(
            places=patience.places,
            fresh=duration(patience.fresh),
            calm=duration(patience.calm),
            longest_calm=duration(patience.longest_calm),
            ends_after=duration(patience.ends_after),
            believed=duration(patience.believed),
        ),
    )


def _named(wire: NamedWire | None) -> Bilingual:
    return Bilingual() if wire is None else Bilingual(wire.en, wire.ar)


def _component(name: str, wire: ComponentWire) -> Component:
    return Component(
        id=name,
        name=_named(wire.name),
        about=_named(wire.about),
        needs=wire.needs,
        probes=wire.probes,
        incidents=tuple(
            matchers(texts, ("components", name, "incidents", index)) for index, texts in enumerate(wire.incidents)
        ),
        services=wire.services,
    )


def _probe(name: str, wire: ProbeWire) -> Probe:
    return Probe(name, wire.url, duration(wire.slow_after), wire.contains, wire.lacks)
