"""Everything that checks a signature, a token or a cookie, given what nobody signed."""

import json
import tempfile
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.tools.fuzz.house import KEY
from infra.tools.fuzz.seeds import AT
from shared.adapters import push_tokens
from shared.errors import RefusedError
from shared.inbound import signed_posts, slack, twilio
from shared.inbound.signed_posts import Guard
from shared.usecases import calendar_link, chart_link, links, report_link, sessions

KEYS = (KEY,)
NOTHING: Any = None  # whoever looks anything up before the signature is checked fails on it
URL = "https://m.souk.example/"


class AcceptedError(Exception):
    """Something that nobody signed was taken for genuine."""


def signatures(data: bytes) -> None:
    """Each of them has to refuse, whatever it is given; raises AcceptedError where one does not."""
    for check in _checks(data):
        try:
            check()
        except RefusedError:
            continue
        raise AcceptedError("a signature that nobody made was accepted")
    text = data.decode("utf-8", "replace")
    forged = sessions.person_of_session(text, now=AT, keys=KEYS) or sessions.words_of(text, keys=KEYS)
    if forged or sessions.is_form_token(text, "mona", text, keys=KEYS):
        raise AcceptedError("a cookie that nobody made was accepted")


def _checks(data: bytes) -> Iterable[Callable[[], object]]:
    text, stamp, guard = data.decode("utf-8", "replace"), str(int(AT.timestamp())), Guard(KEY)
    for when in (stamp, text):
        headers = {"X-Slack-Signature": text, "X-Slack-Request-Timestamp": when}
        yield partial(slack.verify, headers, data, secret=KEY, now=AT)
    for header in (text, f"t={stamp},v1={text}", f"t={text},v1={'0' * 64}"):
        yield partial(signed_posts.verify, {"X-Soukmon-Signature": header}, data, guard=guard, now=AT)
    yield lambda: twilio.verify(URL, {"a": text}, text, tokens=KEYS)
    yield lambda: links.notification_of(text, keys=KEYS)
    yield lambda: links.unsubscription_of(text, keys=KEYS)
    for token in (text, f"Bearer {text}"):
        yield partial(push_tokens.check, token, audience="us", account="", keys=_public_keys())
    yield from _addresses(text)


def _addresses(text: str) -> Iterable[Callable[[], object]]:
    """Paths whose last part is a signature; what they lead to is never reached."""
    for path in (text, f"/person/mona/{text}.ics"):
        yield partial(calendar_link.respond, path, keys=KEYS, config=NOTHING, store=NOTHING, clock=NOTHING)
    for path in (text, f"/e-1/en/{text}.png"):
        yield partial(chart_link.respond, path, keys=KEYS, store=NOTHING, objects=NOTHING)
    for path in (text, f"/99999999999/{text}/report.pdf", f"/{text}/AAAA/report.pdf"):
        yield partial(report_link.respond, path, keys=KEYS, archive=NOTHING, clock=NOTHING)


@lru_cache(maxsize=1)
def _public_keys() -> str:
    """A file with a key of which nobody has the private half."""
    public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    pem = public.public_bytes(serialization.Encoding.PEM, form).decode()
    folder = Path(tempfile.mkdtemp(prefix="soukmon-fuzz-"))
    (folder / "keys.json").write_text(json.dumps({"k1": pem}), encoding="utf-8")
    return str(folder / "keys.json")
