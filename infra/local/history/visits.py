"""The sessions that begin in a minute, drawn: pages and paints, engagement, checkout, purchase, crash or error."""

from datetime import datetime
from random import Random
from typing import NamedTuple

from infra.local.history.dice import Stream, dice, lognormal, poisson, spread
from infra.local.history.plan import Plan
from infra.local.history.rates import PAINT_SPREAD, Rates, rates_at
from infra.local.history.regions import REGIONS

SHARE_OF_ANDROID = 0.25
SHARE_OF_NEW = 0.30
SHARE_OF_LEADS = 0.04
KNOWN_USERS = 40_000
MORE_PAGES = 0.5  # the chance of another page: two on average
MOST_PAGES = 12
LONGEST = 2_400
ENGAGEMENT_SPREAD = 0.9
LARGEST_AFTER_FIRST = 0.7  # the largest paint comes 70 % later than the first one, give or take
PRICE = 2_500.0  # median of what a purchase pays (deposit and fees), in Egyptian pounds
PRICE_SPREAD = 0.6
UNEVEN = 0.1
REQUEST_MS = (60.0, 440.0)  # what the app's requests take, evenly


class Page(NamedTuple):
    """A page view: when it began, how long it was looked at, when it first and most painted (ms; 0 in the app)."""

    at: float
    seconds: float
    first_paint: float
    largest_paint: float

    @property
    def end(self) -> float:
        """When it was left."""
        return round(self.at + self.seconds, 3)


class Visit(NamedTuple):
    """One session; `engagement` in seconds, instants in seconds since 1970 (0 for what did not happen)."""

    number: int
    at: float
    user: str
    is_new: bool
    region: str
    is_app: bool
    pages: tuple[Page, ...]
    engagement: float
    checkout: float
    purchase: float
    price: float
    lead: float
    crash: float
    error: float

    @property
    def session(self) -> int:
        """Its ga_session_id, which is unique for one user only."""
        return int(self.at)

    @property
    def name(self) -> str:
        """Unique in the whole history."""
        return f"gen-{int(self.at) // 60}-{self.number}"

    def request_us(self, number: int) -> int:
        """What the app's request for its page of that number took, in microseconds."""
        low, high = (round(1000 * bound) for bound in REQUEST_MS)
        return low + (self.session + number) * 6_151 % (high - low)

    @property
    def last(self) -> float:
        """When its last event is."""
        return max(self.pages[-1].end, self.purchase)


def visits_in(plan: Plan, minute: datetime) -> list[Visit]:
    """The sessions that begin in the minute; their events reach up to LONGEST seconds further."""
    start = int(minute.timestamp())
    random, rates = dice(plan.seed, Stream.VISITS, start // 60), rates_at(plan, minute)
    sessions = poisson(random, rates.sessions * spread(random, UNEVEN))
    return [_visit(random, start, number, rates) for number in range(sessions)]


def _visit(random: Random, start: int, number: int, rates: Rates) -> Visit:
    at = start + random.randrange(60_000) / 1000
    is_new, is_app = random.random() < SHARE_OF_NEW, random.random() < SHARE_OF_ANDROID
    user = f"gen.n{start // 60}.{number}" if is_new else f"gen.{random.randrange(KNOWN_USERS)}"
    seconds = min(LONGEST - 60.0, lognormal(random, rates.engagement_s, ENGAGEMENT_SPREAD))
    pages = _pages(random, at, seconds, 0.0 if is_app else rates.paint_ms)
    checks_out = random.random() < rates.checkout_share
    buys = checks_out and random.random() < rates.conversion_share
    half = round(at + seconds / 2, 3)
    return Visit(
        number=number,
        at=at,
        user=user,
        is_new=is_new,
        region=random.choice(REGIONS),
        is_app=is_app,
        pages=pages,
        engagement=round(len(pages) * pages[0].seconds, 3),
        checkout=half if checks_out else 0.0,
        purchase=round(half + min(45.0, seconds / 4), 3) if buys else 0.0,
        price=round(lognormal(random, PRICE, PRICE_SPREAD), 2) if buys else 0.0,
        lead=half if random.random() < SHARE_OF_LEADS else 0.0,
        crash=half if is_app and random.random() < rates.crash_share else 0.0,
        error=half if not is_app and random.random() < rates.web_error_share else 0.0,
    )


def _pages(random: Random, at: float, seconds: float, paint_ms: float) -> tuple[Page, ...]:
    count = 1
    while count < MOST_PAGES and random.random() < MORE_PAGES:
        count += 1
    each = round(seconds / count, 3)
    return tuple(_page(random, round(at + n * each, 3), each, paint_ms) for n in range(count))


def _page(random: Random, at: float, seconds: float, paint_ms: float) -> Page:
    first = round(lognormal(random, paint_ms, PAINT_SPREAD), 1) if paint_ms else 0.0
    largest = round(first * (1 + LARGEST_AFTER_FIRST * 2 * random.random()), 1)
    return Page(at, seconds, first, largest)
