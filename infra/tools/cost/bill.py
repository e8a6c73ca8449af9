"""The bill of a month: every quantity at its price, and texts and calls up to their budget."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from infra.tools.cost.lists import PriceList, assumptions, price_list
from infra.tools.cost.measuring import measured
from infra.tools.cost.volumes import Month, World, month
from infra.tools.cost.warehouse import reading
from infra.tools.estate import manifests, variables
from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel
from shared.domain.spending import price

TELEPHONE = "twilio"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is paid for: how much of it, what it costs, and whether its price is an estimate."""

    name: str
    quantity: float
    unit: str
    usd: float
    estimate: bool = False


@dataclass(frozen=True, slots=True)
class Bill:
    """A month's lines, in the price list's order."""

    month: Month
    lines: tuple[Line, ...]

    @property
    def total(self) -> float:
        """All of it, in the list's currency."""
        return sum(line.usd for line in self.lines)


def world(configuration: Configuration) -> World:
    """Counted and measured on this machine; takes some seconds."""
    days = float(variables("production")["request_log_days"])
    return World(manifests(), configuration, assumptions(), measured(), reading(configuration), days)


def bill(found: World, events: float, *, prices: PriceList | None = None) -> Bill:
    """The bill for so many events a day."""
    used = month(found, events)
    return Bill(used, (*_lines(used.quantities, prices or price_list()), _telephone(found.configuration, used)))


def _lines(quantities: Mapping[str, float], prices: PriceList) -> Iterator[Line]:
    for name, one in prices.prices.items():
        quantity = quantities[name]
        yield Line(name, quantity, one.unit, one.of(quantity), one.estimate)


def _telephone(configuration: Configuration, used: Month) -> Line:
    """At the prices of the people on call, and no more than the month's budget, beyond which only pages go out."""
    usd = used.segments * _dearest(configuration, Channel.SMS) + used.voice_calls * _dearest(
        configuration, Channel.VOICE
    )
    budget = configuration.limits.sms_budget
    capped = min(usd, budget.usd) if budget else usd
    return Line(TELEPHONE, used.segments + used.voice_calls, "texts and calls", capped, estimate=True)


def _dearest(configuration: Configuration, channel: Channel) -> float:
    """A segment, or a call, to whoever of ours is the dearest to reach."""
    countries = tuple(configuration.countries.values())
    phones = [person.phone for person in configuration.directory.people.values() if person.phone]
    return max((price(phone, channel=channel, segments=1, countries=countries) for phone in phones), default=0.0)
