"""The shape of maintenance.yaml: who hears of windows, what is checked around them, what may be rolled back."""

from typing import Annotated, Literal

from msgspec import Meta, field

from shared.config.wire import Name, Strict, Targets, Text, TimeOfDay
from shared.domain.checklists import Known, Phase
from shared.domain.maintenance_plan import NotReady

_HOST = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$"
_WEBHOOK = r"^https://[a-z0-9.-]+(:[0-9]{1,5})?(/[^\s?#]*)?$"
_TRIGGER = "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"

HOW_TO_WRITE = {
    _HOST: "a host such as deploy.example.org",
    _WEBHOOK: "an address such as https://deploy.example.org/rollback",
    _TRIGGER: "the trigger's name or id in Cloud Build such as rollback-web",
}

Host = Annotated[str, Meta(pattern=_HOST, description=HOW_TO_WRITE[_HOST])]
Webhook = Annotated[str, Meta(pattern=_WEBHOOK, description=HOW_TO_WRITE[_WEBHOOK])]
Trigger = Annotated[str, Meta(pattern=_TRIGGER, description=HOW_TO_WRITE[_TRIGGER])]


class LowTrafficWire(Strict):
    """The hours in which planned windows belong, on one day."""

    start: TimeOfDay = field(name="from", default="02:00")
    end: TimeOfDay = field(name="to", default="04:00")
    timezone: Text = "Africa/Cairo"


class ItemWire(Strict):
    """One line of the list."""

    id: Name
    phase: Annotated[Literal["before", "during", "after"], Meta(description="when it has to be true")]
    en: Text
    ar: Text
    known: Known | None = None
    emergency: Annotated[bool, Meta(description="only of emergencies")] = False

    @property
    def when(self) -> Phase:
        """The phase as the domain names it."""
        return Phase(self.phase)


class RollbackWire(Strict):
    """What a window may name: a webhook, or a trigger of Cloud Build."""

    name: Name
    webhook: Webhook | None = None
    build_trigger: Trigger | None = None
    region: Text = "global"


class MaintenanceFile(Strict):
    """maintenance.yaml: who hears of windows, what is checked around them, what may be rolled back."""

    readers: Targets
    urgent: Targets
    low_traffic: LowTrafficWire = field(default_factory=LowTrafficWire)
    when_not_ready: NotReady = NotReady.ALERTS_ON
    rotation: Name = "primary"
    checklist: tuple[ItemWire, ...] = ()
    rollbacks: tuple[RollbackWire, ...] = ()
    hosts: tuple[Host, ...] = ()
