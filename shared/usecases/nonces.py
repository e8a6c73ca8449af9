"""The replay guard: a signed request has an effect once."""

from datetime import timedelta

from shared.errors import ConflictError
from shared.ports import Clock, Create, StateStore
from shared.usecases.records import NONCES, instant

KEPT_FOR = timedelta(days=1)


def is_first_use(nonce: str, *, store: StateStore, clock: Clock) -> bool:
    """True for the first request with this nonce, False for every replay."""
    now = clock.now()
    try:
        store.commit([Create(NONCES, nonce, {"at": instant(now), "expires_at": instant(now + KEPT_FOR)})])
    except ConflictError:
        return False
    return True
