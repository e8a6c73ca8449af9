"""Signed links: to acknowledge, bound to one ledger row and short; and to end mails of a kind, bound to the person."""

import hashlib
from collections.abc import Sequence
from functools import partial

from itsdangerous import BadSignature, Signer

from shared.domain.bulletins import BulletinKind
from shared.errors import RefusedError

ACKNOWLEDGE = "soukmon.acknowledge"
UNSUBSCRIBE = "soukmon.unsubscribe"
SIGNATURE_BYTES = 15


def acknowledge_url(link_url: str, notification: str, *, keys: Sequence[str]) -> str:
    """The link that lets this row's recipient acknowledge; signed with the newest (last) key."""
    return f"{link_url}/{_signer(keys, ACKNOWLEDGE).sign(notification).decode()}"


def notification_of(token: str, *, keys: Sequence[str]) -> str:
    """The ledger row a token was made for, under any of the keys; raises RefusedError (401) for a forged one."""
    return _unsigned(token, keys, ACKNOWLEDGE)


def unsubscribe_link(url: str, person: str, kind: BulletinKind, *, keys: Sequence[str]) -> str:
    """The link that ends the person's mails of this kind; it does not expire, as the mail that holds it does not."""
    return f"{url}/{_signer(keys, UNSUBSCRIBE).sign(f'{person}~{kind.name.lower()}').decode()}"


def unsubscription_of(token: str, *, keys: Sequence[str]) -> tuple[str, BulletinKind]:
    """Whose mails of which kind a token ends, under any of the keys; raises RefusedError (401) for a forged one."""
    person, _, kind = _unsigned(token, keys, UNSUBSCRIBE).partition("~")
    return person, BulletinKind[kind.upper()]


def _unsigned(token: str, keys: Sequence[str], salt: str) -> str:
    try:
        return _signer(keys, salt).unsign(token).decode()
    except (BadSignature, UnicodeError) as error:
        raise RefusedError("this link is not valid") from error


def _signer(keys: Sequence[str], salt: str) -> Signer:
    digest = partial(hashlib.blake2s, digest_size=SIGNATURE_BYTES)
    return Signer(list(keys), salt=salt, digest_method=digest, key_derivation="hmac")
