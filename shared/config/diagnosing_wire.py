"""The shapes of diagnostics.yaml and services.yaml."""

from typing import Annotated

from msgspec import Meta, field

from shared.config.wire import Duration, Strict, Text
from shared.domain.diagnoses import Probe

_CALLED = r"^[a-z0-9*?][a-z0-9*?._-]*$"

HOW_TO_WRITE = {_CALLED: "a name such as orders-api, or a pattern such as soukmon-*"}

Called = Annotated[str, Meta(pattern=_CALLED, description=HOW_TO_WRITE[_CALLED])]


class KindWire(Strict):
    """What is asked about incidents of these types (shell patterns)."""

    alert_types: Annotated[tuple[Text, ...], Meta(min_length=1)]
    probes: Annotated[tuple[Probe, ...], Meta(min_length=1)]


class DiagnosticsFile(Strict):
    """diagnostics.yaml: what is asked when a critical or high incident opens."""

    kinds: tuple[KindWire, ...] = ()
    start_after: Duration = "10s"
    pause: Duration = "10m"
    limit: Duration = "20s"
    limits: dict[Probe, Duration] = field(default_factory=dict)
    usual_over: Duration = "1d"


class ServiceWire(Strict):
    """A part of the marketplace: its names, and the command that takes a change back."""

    name: Called
    also: tuple[Called, ...] = ()
    rollback: str = ""


class ServicesFile(Strict):
    """services.yaml: what the parts of the marketplace are called, and how a change of each is taken back."""

    services: tuple[ServiceWire, ...] = ()
