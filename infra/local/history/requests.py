"""The requests of a minute, drawn: who asked which service, how it went, how long it took."""

import math
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import NamedTuple

from infra.local.history.dice import Stream, dice, poisson, spread, tries
from infra.local.history.plan import Kind, Plan
from infra.local.history.rates import API_SPREAD, Rates, rates_at

WEB, LISTINGS, ORDERS = "web", "listings-api", "orders-api"
APIS = frozenset({LISTINGS, ORDERS})
SHARE_OF_WEB = 0.30
SHARE_OF_LISTINGS = 0.55
WEB_MS = 90.0
CLIENTS = 1 << 17
RETRIES_AGAIN = 1 / 3  # who meets an error tries 1.5 times on average
UNEVEN = 0.12  # minutes differ by more than chance
FAILURES = (500, 502, 503, 503)
SERVER_ERROR = 500


class Request(NamedTuple):
    """One answered request; `at` in seconds since 1970, `client` a number that stands for an address."""

    at: float
    service: str
    client: int
    status: int
    milliseconds: float
    is_order: bool = False
    is_bot: bool = False

    @property
    def failed(self) -> bool:
        """The fault is ours."""
        return self.status >= SERVER_ERROR


def requests_in(plan: Plan, minute: datetime) -> list[Request]:
    """All requests of the minute but the uptime checks."""
    start = int(minute.timestamp())
    random, rates = dice(plan.seed, Stream.REQUESTS, start // 60), rates_at(plan, minute)
    busy = spread(random, UNEVEN)
    ordinary = max(0.0, rates.requests - rates.orders) * busy
    drawn = [_answered(random, start, rates) for _ in range(poisson(random, ordinary * (1 - rates.error_share)))]
    for _ in range(poisson(random, ordinary * rates.error_share * (1 - RETRIES_AGAIN))):
        drawn.extend(_unhappy(random, start, rates))
    drawn.extend(_orders(random, start, rates))
    drawn.extend(_bot(random, start) for _ in range(poisson(random, rates.bots)))
    drawn.extend(_stubborn(plan, minute, random, rates))
    return drawn


def _answered(random: Random, start: int, rates: Rates) -> Request:
    service, median = _service(random, rates)
    return Request(start + 60 * random.random(), service, random.getrandbits(17), 200, _milliseconds(random, median))


def _service(random: Random, rates: Rates) -> tuple[str, float]:
    point = random.random()
    if point < SHARE_OF_WEB:
        return WEB, WEB_MS
    return (LISTINGS if point < SHARE_OF_WEB + SHARE_OF_LISTINGS else ORDERS), rates.api_ms


def _milliseconds(random: Random, median: float) -> float:
    return round(median * math.exp(random.gauss(0.0, API_SPREAD)), 3)


def _unhappy(random: Random, start: int, rates: Rates) -> Iterator[Request]:
    """One client whose request fails, with what it tries again."""
    service, median = _service(random, rates)
    client, at = random.getrandbits(17), start + 40 * random.random()
    for again in range(min(10, tries(random, RETRIES_AGAIN))):
        yield Request(at + 2 * again, service, client, random.choice(FAILURES), _milliseconds(random, median))


def _orders(random: Random, start: int, rates: Rates) -> Iterator[Request]:
    for _ in range(poisson(random, rates.orders)):
        failed = random.random() < rates.order_failure_share
        status = random.choice(FAILURES) if failed else 201
        at, client = start + 60 * random.random(), random.getrandbits(17)
        yield Request(at, ORDERS, client, status, _milliseconds(random, rates.api_ms), is_order=True)


def _bot(random: Random, start: int) -> Request:
    """Crawlers and scanners: a third of what they ask for is not there."""
    status = 404 if random.random() < 1 / 3 else 200
    at, client = start + 60 * random.random(), random.randrange(40)
    return Request(at, WEB, client, status, _milliseconds(random, WEB_MS), is_bot=True)


def _stubborn(plan: Plan, minute: datetime, random: Random, rates: Rates) -> Iterator[Request]:
    """A single client that fails and fails again; each storm is another client's."""
    if not rates.retries:
        return
    storm = next(one for one in plan.active_at(minute) if one.kind is Kind.RETRY_STORM)
    start, client = int(minute.timestamp()), int(storm.start.timestamp()) // 60 % CLIENTS
    for _ in range(poisson(random, rates.retries)):
        at = start + 60 * random.random()
        yield Request(at, LISTINGS, client, 500, _milliseconds(random, rates.api_ms))
