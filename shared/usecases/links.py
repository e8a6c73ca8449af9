"""Signed acknowledgement links: bound to one ledger row (and so to person and incident), short enough for an SMS."""

import hashlib
from collections.abc import Sequence
from functools import partial

from itsdangerous import BadSignature, Signer

from shared.errors import RefusedError

SALT = "soukmon.acknowledge"
SIGNATURE_BYTES = 15


def acknowledge_url(link_url: str, notification: str, *, keys: Sequence[str]) -> str:
    """The link that lets this row's recipient acknowledge; signed with the newest (last) key."""
    return f"{link_url}/{_signer(keys).sign(notification).decode()}"


def notification_of(token: str, *, keys: Sequence[str]) -> str:
    """The ledger row a token was made for, under any of the keys; raises RefusedError (401) for a forged one."""
    try:
        return _signer(keys).unsign(token).decode()
    except (BadSignature, UnicodeError) as error:
        raise RefusedError("this link is not valid") from error


def _signer(keys: Sequence[str]) -> Signer:
    digest = partial(hashlib.blake2s, digest_size=SIGNATURE_BYTES)
    return Signer(list(keys), salt=SALT, digest_method=digest, key_derivation="hmac")
