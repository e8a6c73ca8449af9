"""The price list and the assumptions, read strictly: an unknown or a missing name is refused."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from shared import typed
from shared.errors import ConfigurationError

HERE = Path(__file__).parent
Kind = TypeVar("Kind")


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`usd` for `per` units, beyond the `free` ones of a month."""

    usd: float
    unit: str
    source: str
    per: float = 1
    free: float = 0
    estimate: bool = False

    def of(self, quantity: float) -> float:
        """What so many units cost in a month."""
        return max(0.0, quantity - self.free) / self.per * self.usd


class PriceList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every price, where it holds, and when it was read."""

    as_of: date
    currency: str
    region: str
    prices: dict[str, Price]


class Assumptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """See assumptions.yaml."""

    pushed_share: float
    incident_share: float
    most_incidents_a_day: float
    arrivals: dict[str, float]
    seconds: dict[str, float]
    for_each_incident: dict[str, float]
    a_day: dict[str, float]
    others_a_day: float
    event_bytes: float
    log_bytes: float
    starts_a_day: float
    request_row_bytes: float
    point_days: float


@cache
def price_list(file: Path = HERE / "prices.yaml") -> PriceList:
    """The prices."""
    return _read(file, PriceList)


@cache
def assumptions(file: Path = HERE / "assumptions.yaml") -> Assumptions:
    """The assumptions."""
    return _read(file, Assumptions)


def _read(file: Path, kind: type[Kind]) -> Kind:
    try:
        return typed.convert(yaml.safe_load(file.read_text(encoding="utf-8")), kind)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{file.name}: {error}") from error
