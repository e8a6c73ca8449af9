"""Slack's limit on posting: about one message a second to a channel, with short bursts."""

import math
import threading
from datetime import datetime

BURST = 20


class TokenBuckets:
    """One bucket a name: `burst` tokens, one more each second. A clock that jumps back fills the bucket."""

    def __init__(self, burst: int = BURST) -> None:
        self._burst = burst
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, datetime]] = {}

    def wait(self, name: str, now: datetime) -> int:
        """Take a token: 0, or the whole seconds until there is one."""
        with self._lock:
            left, at = self._buckets.get(name, (float(self._burst), now))
            passed = (now - at).total_seconds()
            left = float(self._burst) if passed < 0 else min(self._burst, left + passed)
            enough = left >= 1
            self._buckets[name] = (left - 1 if enough else left, now)
            return 0 if enough else math.ceil(1 - left)
