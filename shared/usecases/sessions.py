"""What the pages put into cookies, all of it signed: who signed in, which forms are ours, what an action came to."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from itsdangerous import BadData, Signer, URLSafeSerializer

SESSION, FORM, SAID, LANGUAGE = "soukmon", "soukmon-form", "soukmon-said", "soukmon-lang"
LASTS = timedelta(hours=12)  # a night on call
_SIGNING = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}


def new_session(person: str, *, now: datetime, keys: Sequence[str]) -> str:
    """The cookie of somebody who has just signed in."""
    return _packed([person, int(now.timestamp()), secrets.token_urlsafe(12)], keys, SESSION)


def person_of_session(cookie: str, *, now: datetime, keys: Sequence[str]) -> str:
    """Whose session it is; "" when it is forged or over."""
    found = _unpacked(cookie, keys, SESSION)
    match found:
        case [str(person), int(seconds), str()]:
            begun = datetime.fromtimestamp(seconds, UTC)
            return person if begun <= now < begun + LASTS else ""
    return ""


def new_form_secret() -> str:
    """What is kept in a browser so that only its own forms are taken."""
    return secrets.token_urlsafe(18)


def form_token(person: str, secret: str, *, keys: Sequence[str]) -> str:
    """What each form of the person's carries in this browser."""
    return _signer(keys).get_signature(f"{person}|{secret}").decode()


def is_form_token(given: str, person: str, secret: str, *, keys: Sequence[str]) -> bool:
    """Whether a form comes from a page that we showed this person in this browser; in constant time."""
    return given.isascii() and _signer(keys).verify_signature(f"{person}|{secret}", given)


def packed_words(text: str, *, keys: Sequence[str]) -> str:
    """A sentence that the next page shows."""
    return _packed(text, keys, SAID)


def words_of(cookie: str, *, keys: Sequence[str]) -> str:
    """The sentence; "" when it is not ours."""
    found = _unpacked(cookie, keys, SAID)
    return found if isinstance(found, str) else ""


def _packed(value: object, keys: Sequence[str], salt: str) -> str:
    return str(URLSafeSerializer(list(keys), salt=salt, signer_kwargs=_SIGNING).dumps(value))


def _unpacked(text: str, keys: Sequence[str], salt: str) -> Any:  # noqa: ANN401 - JSON is anything
    try:
        return URLSafeSerializer(list(keys), salt=salt, signer_kwargs=_SIGNING).loads(text)
    except (BadData, ValueError, RecursionError):
        return None


def _signer(keys: Sequence[str]) -> Signer:
    return Signer(list(keys), salt=FORM, digest_method=hashlib.sha256, key_derivation="hmac")
