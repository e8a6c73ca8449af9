"""When a share over counts is really beyond its limit: exact tests, several windows, a memory that restarts.

"2 errors among 40 requests" is 5 % and means nothing; an exact binomial test against the limit says what does mean
something, at a false-alarm rate derived from the promise (fewer than 5 % false alerts over all rules). Windows, levels
and restarts as measured on labelled streams; `soukmon backtest` and the live evaluation share every function here.
"""

import math
from dataclasses import dataclass, field
from enum import StrEnum

from shared.domain.counts import Counts, lower_tail, upper_tail

MINUTE = 60
HOUR = 3_600
DAY = 86_400
WINDOWS = tuple(MINUTE * m for m in (1, 2, 5, 10, 15, 30, 60, 180, 360))
HOURLY_WINDOWS = tuple(HOUR * h for h in (1, 2, 3, 6, 12, 24))
HOURLY = 1800
ALPHA_PER_MINUTE = 1.9e-7
LEAST_ERRORS = 3
SHORT_SHARE = 12
SHORT_ALPHA = 0.05
CLIENT_MEMORY = 900
BASELINE = DAY
BASELINE_GAP = HOUR
CLEAR = 600
CLEAR_LONGEST = HOUR
SILENCE_SHARE = 0.4
SILENCE_EXPECTED = 15.5  # e^-15.5 is below the level of one minute: complete silence is always seen
SILENCE_LONGEST = HOUR
SILENCE_DAYS = 7


class Breach(StrEnum):
    """Why an alert fires."""

    ERRORS = "more errors than the limit explains"
    SILENCE = "far fewer requests than at this hour"


@dataclass(frozen=True, slots=True)
class Found:
    """What a test rejected: so many failures among so many trials in the window (seconds) before the end.

    `chance` is the probability of that much or more if the true share were the threshold.
    """

    breach: Breach
    window: float
    trials: int
    failures: int
    chance: float


def windows_of(step: float) -> tuple[int, ...]:
    """The windows (seconds) that buckets of `step` seconds are judged over."""
    return HOURLY_WINDOWS if step >= HOURLY else WINDOWS


def too_many(counts: Counts, threshold: float, end: float, *, step: float, since: float = -math.inf) -> Found | None:
    """The first window before `end` whose failures a true share of `threshold` does not explain.

    Buckets before `since` (the last resolve) count for nothing.
    """
    for window in windows_of(step):
        if window < step:
            continue
        trials, failures = counts.between(max(end - window, since), end)
        if failures < LEAST_ERRORS or failures <= threshold * trials:
            continue
        chance = upper_tail(failures, trials, threshold)
        if chance <= ALPHA_PER_MINUTE * window / MINUTE and _still_bad(
            counts, threshold, end, window=window, step=step, since=since
        ):
            return Found(Breach.ERRORS, window, trials, failures, chance)
    return None


def _still_bad(counts: Counts, threshold: float, end: float, *, window: float, step: float, since: float) -> bool:
    """The last twelfth of the window, widened until it holds enough trials to judge, is bad by itself."""
    short = max(window / SHORT_SHARE, step)
    while short < window:
        trials, _ = counts.between(max(end - short, since), end)
        if trials >= 1 / threshold:
            break
        short *= 2
    trials, failures = counts.between(max(end - min(short, window), since), end)
    return upper_tail(failures, trials, threshold) <= SHORT_ALPHA


def silent(counts: Counts, usual: float, end: float, *, step: float, since: float = -math.inf) -> Found | None:
    """Far fewer trials than 0.4 of the usual rate (per second) explains, in a window long enough to tell."""
    if usual <= 0:
        return None
    window = max(step, SILENCE_EXPECTED / (SILENCE_SHARE * usual))
    window = math.ceil(window / step) * step
    if window > SILENCE_LONGEST and window > step:
        return None
    start = end - window
    if start < since or counts.buckets(start, end) < round(window / step):
        return None
    trials, failures = counts.between(start, end)
    expected = SILENCE_SHARE * usual * window
    if trials >= expected:  # the usual case, and then the tail is a half or more
        return None
    chance = lower_tail(trials, expected)
    if chance > ALPHA_PER_MINUTE * max(1.0, window / MINUTE):
        return None
    return Found(Breach.SILENCE, window, trials, failures, chance)


def is_over(
    counts: Counts, threshold: float, end: float, *, breach: Breach, usual: float, fired_at: float, step: float
) -> bool:
    """True when ten whole minutes (two buckets, if hourly) since the alert began are no longer bad.

    Where so few trials come that ten minutes say nothing, up to an hour is looked at.
    """
    needed: float = 2 * step if step >= HOURLY else CLEAR
    trials, failures = counts.between(end - needed, end)
    while trials < 1 / threshold and needed < CLEAR_LONGEST:
        needed *= 2
        trials, failures = counts.between(end - needed, end)
    if end - fired_at < needed:
        return False
    if breach is Breach.SILENCE:
        return trials >= SILENCE_SHARE * usual * needed
    return trials > 0 and (failures < LEAST_ERRORS or failures <= threshold * trials)


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


@dataclass
class RatioDetector:
    """Fed bucket by bucket, it never looks ahead; the same buckets give the same events."""

    rule: RatioRule
    step: float
    _all: Counts = field(default_factory=Counts)
    _calm: Counts = field(default_factory=Counts)
    _seen: dict[str, float] = field(default_factory=dict)
    _since: float = -math.inf
    _open: Breach | None = None
    _fired_at: float = 0.0

    def feed(self, bucket: Bucket) -> Event | None:
        """Take the next bucket; a bucket without requests is evidence only for the silence test."""
        errors = min(self._fresh_errors(bucket), bucket.count)
        self._all.append(bucket.ts, bucket.count, errors)
        end = bucket.ts + self.step
        threshold = self._threshold(bucket.ts)
        event = self._resolved(threshold, end) if self._open else self._fired(threshold, end)
        calm = not self._open
        self._calm.append(bucket.ts, bucket.count if calm else 0, errors if calm else 0)
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
        requests, errors = self._calm.between(ts - BASELINE, ts - BASELINE_GAP)
        baseline = errors / requests if requests else 0.0
        return max(self.rule.limit, baseline + self.rule.change)

    def _fired(self, threshold: float, end: float) -> Event | None:
        found = too_many(self._all, threshold, end, step=self.step, since=self._since) or silent(
            self._all, self._usual_per_second(end), end, step=self.step, since=self._since
        )
        if found is None:
            return None
        self._open, self._fired_at = found.breach, end
        return Event(end, "fire", found.breach)

    def _usual_per_second(self, end: float) -> float:
        """The median rate of the same hour on those of the past seven days that are known."""
        rates = []
        for day in range(1, SILENCE_DAYS + 1):
            middle = end - day * DAY
            low, high = middle - HOUR / 2, middle + HOUR / 2
            buckets = self._all.buckets(low, high)
            if buckets >= 0.8 * HOUR / self.step:
                rates.append(self._all.between(low, high)[0] / (buckets * self.step))
        return sorted(rates)[(len(rates) - 1) // 2] if rates else 0.0

    def _resolved(self, threshold: float, end: float) -> Event | None:
        if self._open is None or not is_over(
            self._all,
            threshold,
            end,
            breach=self._open,
            usual=self._usual_per_second(end),
            fired_at=self._fired_at,
            step=self.step,
        ):
            return None
        self._open, self._since = None, end
        return Event(end, "resolve")
