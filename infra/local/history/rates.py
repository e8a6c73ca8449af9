"""What is to be expected in a minute: the marketplace's habits, shifted by whatever is going on."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from infra.local.history.plan import Kind, Plan
from infra.local.history.rhythm import activity, weather

GROWTH_A_DAY = 1.001
REQUESTS = 28.5  # a minute, of people, on average
BOTS = 1.5
SESSIONS = 5.2
API_SPREAD = 0.65  # sigma of the lognormal: the 95th percentile is 2.91 times the median
PAINT_SPREAD = 0.57  # the 75th percentile is 1.47 times the median
NORMAL_95 = 1.6449
NORMAL_75 = 0.6745


@dataclass(frozen=True, slots=True)
class Rates:
    """Expectations of one minute; counts are per minute, shares lie in 0..1, times are medians."""

    requests: float
    sessions: float
    bots: float = BOTS
    error_share: float = 0.002
    retries: float = 0.0
    order_failure_share: float = 0.008
    api_ms: float = 120.0
    paint_ms: float = 750.0
    checkout_share: float = 0.03
    conversion_share: float = 0.94
    engagement_s: float = 190.0
    crash_share: float = 0.004
    web_error_share: float = 0.005
    probe_failure_share: float = 0.0005

    @property
    def orders(self) -> float:
        """Order requests a minute."""
        return self.sessions * self.checkout_share * self.conversion_share


def _error_burst(rates: Rates, strength: float) -> Rates:
    return replace(rates, error_share=min(1.0, rates.error_share + strength))


def _outage(rates: Rates, strength: float) -> Rates:
    left = 1 - strength
    return replace(
        rates,
        requests=rates.requests * left,
        sessions=rates.sessions * left,
        bots=rates.bots * left,
        probe_failure_share=max(rates.probe_failure_share, strength),
    )


def _marketing_peak(rates: Rates, strength: float) -> Rates:
    return replace(rates, requests=rates.requests * (1 + strength), sessions=rates.sessions * (1 + strength))


def _unchanged(rates: Rates, _strength: float) -> Rates:
    return rates


EFFECTS: dict[Kind, Callable[[Rates, float], Rates]] = {
    Kind.ERROR_BURST: _error_burst,
    Kind.OUTAGE: _outage,
    Kind.SLOW_API: lambda rates, strength: replace(rates, api_ms=rates.api_ms * (1 + strength)),
    Kind.SLOW_PAGES: lambda rates, strength: replace(rates, paint_ms=rates.paint_ms * (1 + strength)),
    Kind.BUNDLE_JUMP: _unchanged,  # a matter of releases, not of minutes: see bundle_bytes_at
    Kind.CONVERSION_FALL: lambda rates, strength: replace(
        rates, conversion_share=rates.conversion_share * (1 - strength)
    ),
    Kind.ENGAGEMENT_FALL: lambda rates, strength: replace(rates, engagement_s=rates.engagement_s * (1 - strength)),
    Kind.ORDER_FAILURES: lambda rates, strength: replace(
        rates, order_failure_share=min(1.0, rates.order_failure_share + strength)
    ),
    Kind.RETRY_STORM: lambda rates, strength: replace(rates, retries=rates.retries + strength),
    Kind.MARKETING_PEAK: _marketing_peak,
}


@lru_cache(maxsize=64)
def rates_at(plan: Plan, minute: datetime) -> Rates:
    """The expectations of the minute."""
    busy = activity(minute) * weather(plan.seed, minute) * _growth(plan, minute)
    rates = Rates(requests=REQUESTS * busy, sessions=SESSIONS * busy)
    release = plan.release_at(minute)
    if release is not None and release.page_factor != 1.0:
        rates = replace(rates, paint_ms=rates.paint_ms * release.page_factor)
    for incident in plan.active_at(minute):
        rates = EFFECTS[incident.kind](rates, incident.strength)
    return rates


def _growth(plan: Plan, minute: datetime) -> float:
    middle = plan.start + (plan.end - plan.start) / 2
    return float(GROWTH_A_DAY ** ((minute - middle) / timedelta(days=1)))


def bundle_bytes_at(plan: Plan, moment: datetime) -> int:
    """The size of the live bundle; 0 before the first release."""
    release = plan.release_at(moment)
    if release is None:
        return 0
    jumps = (one.strength for one in plan.active_at(release.at) if one.kind is Kind.BUNDLE_JUMP)
    return int(release.bundle_bytes * (1 + max(jumps, default=0.0)))


LEVELS: dict[str, Callable[[Rates], float]] = {
    "requests": lambda rates: rates.requests + rates.bots + rates.retries,
    "error_rate": lambda rates: 100 * _errors(rates) / max(rates.requests + rates.bots + rates.retries, 1e-9),
    "api_response_time": lambda rates: rates.api_ms * math.exp(API_SPREAD * NORMAL_95),
    "order_failure_rate": lambda rates: 100 * rates.order_failure_share,
    "first_contentful_paint": lambda rates: rates.paint_ms * math.exp(PAINT_SPREAD * NORMAL_75),
    "conversion_rate": lambda rates: 100 * rates.conversion_share,
    "session_duration": lambda rates: rates.engagement_s,
    "sessions": lambda rates: rates.sessions,
    "order_volume": lambda rates: rates.orders,
    "crash_free_sessions": lambda rates: 100 * (1 - rates.crash_share),
    "uptime": lambda rates: 100 * (1 - rates.probe_failure_share),
}


def _errors(rates: Rates) -> float:
    ordinary = max(0.0, rates.requests - rates.orders)
    return ordinary * rates.error_share + rates.orders * rates.order_failure_share + rates.retries


def rate_at(plan: Plan, metric: str, minute: datetime) -> float:
    """The level to expect, before chance; KeyError for a metric that has none.

    Counts per minute, shares in percent, the 95th percentile of API answers and the 75th of first paints in ms, the
    median session in seconds, the live bundle in bytes.
    """
    if metric == "bundle_size":
        return float(bundle_bytes_at(plan, minute))
    return LEVELS[metric](rates_at(plan, minute))
