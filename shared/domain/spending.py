"""The month's budget for text messages and calls: what was spent, and what that allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.domain.countries import Country, country_of
from shared.domain.notifications import Channel, Notification
from shared.domain.oncall import CAIRO
from shared.domain.reasons import Notify
from shared.domain.severities import Severity

PAID = frozenset({Channel.SMS, Channel.VOICE})
CALL_MINUTES = 2  # an incident said three times lasts a little over one


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `usd` in a calendar month; from `warn_at` percent of it texts are kept short."""

    usd: float
    warn_at: float = 80.0


class Stance(StrEnum):
    """What the month's spending allows; each is told to the lead once a month."""

    FREE = "within the budget"
    SHORT = "short texts only"
    HELD = "pages only"


def month_of(at: datetime) -> str:
    """The calendar month in Egypt: "2026-03"."""
    return at.astimezone(ZoneInfo(CAIRO)).strftime("%Y-%m")


def stance(spent: float, budget: Budget | None) -> Stance:
    """What having spent so much allows."""
    if budget is None or spent < budget.usd * budget.warn_at / 100:
        return Stance.FREE
    return Stance.SHORT if spent < budget.usd else Stance.HELD


def price(number: str, *, channel: Channel, segments: int, countries: Iterable[Country]) -> float:
    """The estimate for one message; a country that is not in the table costs what the dearest one does."""
    table = tuple(countries)
    known = country_of(number, table)
    among = (known,) if known else table
    per_segment = max((one.sms_usd for one in among), default=0.0)
    per_minute = max((one.voice_usd for one in among), default=0.0)
    return per_minute * CALL_MINUTES if channel is Channel.VOICE else per_segment * segments


def is_worth_it(row: Notification) -> bool:
    """True for what goes out although the budget is spent: critical pages, and the first page of a high incident."""
    if row.channel not in PAID:
        return True
    if row.severity is Severity.CRITICAL:
        return row.reason is not Notify.RESOLVED
    return row.severity is Severity.HIGH and row.reason in {Notify.FIRST, Notify.SEVERITY_RAISED, Notify.REOPENED}
