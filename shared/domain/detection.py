"""When a ratio over counts is really beyond its limit: exact tests, several windows, a memory that restarts.

"2 errors among 40 requests" is 5 % and means nothing; an exact binomial test against the limit says what does mean
something, at a false-alarm rate derived from the promise (fewer than 5 % false alerts over all rules).
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MINUTE = 60
WINDOWS = tuple(MINUTE * m for m in (1, 2, 5, 10, 15, 30, 60, 180, 360))
HOURLY_WINDOWS = tuple(3600 * h for h in (1, 2, 3, 6, 12, 24))
HOURLY = 1800
ALPHA_PER_MINUTE = 1.9e-7
LEAST_ERRORS = 3
SHORT_SHARE = 12
SHORT_ALPHA = 0.05
CLIENT_MEMORY = 900
BASELINE = 86_400
BASELINE_GAP = 3_600
CLEAR = 600
CLEAR_LONGEST = 3_600
SILENCE_SHARE = 0.4
SILENCE_EXPECTED = 14.0
SILENCE_LONGEST = 3_600


class Breach(StrEnum):
    """Why an alert fires."""

    ERRORS = "more errors than the limit explains"
    SILENCE = "far fewer requests than at this hour"


@dataclass(frozen=True, slots=True)
class Bucket:
    """The counts of [ts, ts + step): requests, errors, and the clients that had them where they are known."""

    ts: float
    count: int
    errors: int
    clients: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RatioRule:
    """The limit as a share (0.01 for 1 %), and by how much the baseline must be exceeded too."""

    limit: float
    change: float


@dataclass(frozen=True, slots=True)
class Event:
    """An alert that began or ended, at the end of the bucket that decided it."""

    ts: float
    kind: str
    reason: str = ""


def upper_tail(successes: int, trials: int, share: float) -> float:
    """P(X >= successes) for X ~ Binomial(trials, share), summed exactly from its largest term down."""
    if successes <= 0:
        return 1.0
    if successes > trials or share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    log_term = (
        math.lgamma(trials + 1) - math.lgamma(successes + 1) - math.lgamma(trials - successes + 1)
        + successes * math.log(share) + (trials - successes) * math.log1p(-share)
    )  # fmt: skip
    term, total, odds = math.exp(log_term), 0.0, share / (1 - share)
    for hits in range(successes, trials + 1):
        total += term
        term *= (trials - hits) / (hits + 1) * odds
        if term < total * 1e-12:
            break
    return min(1.0, total)


def lower_tail(events: int, expected: float) -> float:
    """P(X <= events) for X ~ Poisson(expected)."""
    if expected <= 0:
        return 1.0
    total = 0.0
    for n in range(events + 1):
        total += math.exp(n * math.log(expected) - expected - math.lgamma(n + 1))
    return min(1.0, total)


@dataclass
class RatioDetector:
    """Fed bucket by bucket, it never looks ahead; the same buckets give the same events."""

    rule: RatioRule
    step: float
    _ts: list[float] = field(default_factory=list)
    _requests: list[int] = field(default_factory=lambda: [0])
    _errors: list[int] = field(default_factory=lambda: [0])
    _calm_requests: list[int] = field(default_factory=lambda: [0])
    _calm_errors: list[int] = field(default_factory=lambda: [0])
    _seen: dict[str, float] = field(default_factory=dict)
    _since: int = 0
    _open: str = ""
    _fired_at: float = 0.0

    def feed(self, bucket: Bucket) -> Event | None:
        """Take the next bucket; a bucket without requests is evidence only for the silence test."""
        self._ts.append(bucket.ts)
        errors = min(self._fresh_errors(bucket), bucket.count)
        _append(self._requests, bucket.count)
        _append(self._errors, errors)
        end = bucket.ts + self.step
        threshold = self._threshold(bucket.ts)
        event = self._resolved(threshold, end) if self._open else self._fired(threshold, end)
        calm = not self._open
        _append(self._calm_requests, bucket.count if calm else 0)
        _append(self._calm_errors, errors if calm else 0)
        return event

    def _fresh_errors(self, bucket: Bucket) -> int:
        """One error per client in a quarter of an hour: a client that retries is one unhappy client."""
        if bucket.clients is None:
            return bucket.errors
        fresh = 0
        for client in bucket.clients:
            if bucket.ts - self._seen.get(client, -math.inf) >= CLIENT_MEMORY:
                self._seen[client] = bucket.ts
                fresh += 1
        return fresh

    def _threshold(self, ts: float) -> float:
        low, high = bisect_left(self._ts, ts - BASELINE), bisect_left(self._ts, ts - BASELINE_GAP)
        high = min(high, len(self._calm_requests) - 1)
        requests = self._calm_requests[high] - self._calm_requests[min(low, high)]
        errors = self._calm_errors[high] - self._calm_errors[min(low, high)]
        baseline = errors / requests if requests else 0.0
        return max(self.rule.limit, baseline + self.rule.change)

    def _fired(self, threshold: float, end: float) -> Event | None:
        if self._too_many_errors(threshold, end):
            return self._begin(Breach.ERRORS, end)
        if self._silent(end):
            return self._begin(Breach.SILENCE, end)
        return None

    def _begin(self, reason: Breach, end: float) -> Event:
        self._open, self._fired_at = reason, end
        return Event(end, "fire", reason)

    def _too_many_errors(self, threshold: float, end: float) -> bool:
        windows = HOURLY_WINDOWS if self.step >= HOURLY else WINDOWS
        for window in windows:
            if window < self.step:
                continue
            requests, errors = self._counts(end - window)
            if errors < LEAST_ERRORS or errors <= threshold * requests:
                continue
            alpha = ALPHA_PER_MINUTE * window / MINUTE
            if upper_tail(errors, requests, threshold) <= alpha and self._still_bad(window, threshold, end):
                return True
        return False

    def _still_bad(self, window: float, threshold: float, end: float) -> bool:
        """The last twelfth of the window, widened until it holds enough requests to judge, is bad by itself."""
        short = max(window / SHORT_SHARE, self.step)
        while short < window:
            requests, _ = self._counts(end - short)
            if requests >= 1 / threshold:
                break
            short *= 2
        requests, errors = self._counts(end - min(short, window))
        return upper_tail(errors, requests, threshold) <= SHORT_ALPHA

    def _counts(self, start: float) -> tuple[int, int]:
        first = max(bisect_left(self._ts, start), self._since)
        return self._requests[-1] - self._requests[first], self._errors[-1] - self._errors[first]

    def _silent(self, end: float) -> bool:
        usual = self._usual_per_second(end)
        if usual <= 0:
            return False
        window = max(self.step, SILENCE_EXPECTED / (SILENCE_SHARE * usual))
        window = math.ceil(window / self.step) * self.step
        if window > SILENCE_LONGEST and window > self.step:
            return False
        first = bisect_left(self._ts, end - window)
        if first < self._since or len(self._ts) - first < round(window / self.step):
            return False
        requests, _ = self._counts(end - window)
        expected = SILENCE_SHARE * usual * window
        return lower_tail(requests, expected) <= ALPHA_PER_MINUTE * max(1.0, window / MINUTE)

    def _usual_per_second(self, end: float) -> float:
        """The median rate of the same hour on those of the past seven days that are known."""
        rates = []
        for day in range(1, 8):
            middle = end - day * 86_400
            low, high = bisect_left(self._ts, middle - 1_800), bisect_left(self._ts, middle + 1_800)
            if high - low >= 0.8 * 3_600 / self.step:
                rates.append((self._requests[high] - self._requests[low]) / ((high - low) * self.step))
        return sorted(rates)[(len(rates) - 1) // 2] if rates else 0.0

    def _resolved(self, threshold: float, end: float) -> Event | None:
        """Over when ten whole minutes (two buckets, if hourly) since the alert began are no longer bad.

        Where so few requests come that ten minutes say nothing, up to an hour is looked at.
        """
        needed = 2 * self.step if self.step >= HOURLY else CLEAR
        requests, errors = self._counts(end - needed)
        while requests < 1 / threshold and needed < CLEAR_LONGEST:
            needed *= 2
            requests, errors = self._counts(end - needed)
        if end - self._fired_at < needed:
            return None
        if self._open == Breach.SILENCE:
            bad = requests < SILENCE_SHARE * self._usual_per_second(end) * needed
        else:
            bad = requests == 0 or (errors >= LEAST_ERRORS and errors > threshold * requests)
        if bad:
            return None
        self._open, self._since = "", len(self._ts)
        return Event(end, "resolve")


def _append(sums: list[int], value: int) -> None:
    sums.append(sums[-1] + value)


def detect(buckets: Sequence[Bucket], rule: RatioRule, *, step: float) -> list[Event]:
    """All events of a finished stream, as the live path would have seen them."""
    detector = RatioDetector(rule, step)
    return [event for event in map(detector.feed, buckets) if event is not None]
