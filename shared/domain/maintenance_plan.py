"""What maintenance.yaml says: who hears of windows, what has to be true before one, and what may be rolled back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.domain.checklists import Item
from shared.domain.low_traffic import LowTraffic
from shared.domain.rollbacks import RollbackTarget


class NotReady(StrEnum):
    """What a planned window does whose list is not complete when it begins."""

    ALERTS_ON = "alerts_on"
    MUTE = "mute"


@dataclass(frozen=True, slots=True)
class MaintenancePlan:
    """`readers` hear of every window, `urgent` at once of emergencies and rollbacks ("team:executives@sms").

    `rotation` is who has to be on call. Webhooks may be on `hosts` alone.
    """

    readers: tuple[str, ...] = ("slack:maintenance",)
    urgent: tuple[str, ...] = ("slack:maintenance", "slack:incidents")
    low_traffic: LowTraffic = field(default_factory=LowTraffic)
    when_not_ready: NotReady = NotReady.ALERTS_ON
    rotation: str = "primary"
    checklist: tuple[Item, ...] = ()
    rollbacks: Mapping[str, RollbackTarget] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
