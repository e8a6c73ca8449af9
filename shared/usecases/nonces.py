"""The replay guard: a signed request has an effect once.

A nonce is spent after the effect, not before: a crash in between repeats an act that is safe to repeat,
where spending first would lose it.
"""

from datetime import timedelta

from shared.ports.platform import Clock
from shared.ports.store import Put, StateStore
from shared.usecases.records import NONCES, instant

KEPT_FOR = timedelta(days=1)


def is_spent(nonce: str, *, store: StateStore) -> bool:
    """True for a replay of a request that has had its effect."""
    return store.get(NONCES, nonce) is not None


def spend(nonce: str, *, store: StateStore, clock: Clock) -> None:
    """Remember that the request with this nonce has had its effect."""
    now = clock.now()
    store.commit([Put(NONCES, nonce, {"at": instant(now), "expires_at": instant(now + KEPT_FOR)})])
