"""A genuine request to each function that the internet may call, and every way to spoil one."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier
from twilio.request_validator import RequestValidator

from infra.local.ci.post_measurement import signed
from infra.local.sandbox.identity import id_token
from infra.tools.fuzz.house import FORM, JSON, KEY
from infra.tools.fuzz.seeds import AT, STAMP
from shared import bootstrap
from shared.domain.bulletins import BulletinKind
from shared.usecases.calendar_link import calendar_url
from shared.usecases.chart_link import chart_url
from shared.usecases.links import acknowledge_url, unsubscribe_link
from shared.usecases.report_link import report_url

OTHER_KEY = "a key of somebody else, as long as ours"
REPORT, OTHER_REPORT = (f"{kind}_report-2026-03-09-final-en-0123456789abcdef.pdf" for kind in ("business", "weekly"))
HANDLE = "h" * 32


@dataclass(frozen=True)
class Request:
    """One HTTP request; a header may stand there twice."""

    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    path: str = "/"
    method: str = "POST"


@dataclass(frozen=True)
class Door:
    """`make` makes a genuine request: signed with a key, over a body, at a number of seconds from now.

    `proof` is the header that proves it, "" where the address itself does; `reads` where nothing is ever changed.
    """

    make: Callable[..., Request]
    proof: str = ""
    bodies: tuple[bytes, bytes] = (b"", b"")
    is_timed: bool = False
    replayed: int = 200
    reads: bool = False


def posted(key=KEY, body=b"", seconds=0):
    headers = JSON | signed(body, key=key, at=int(AT.timestamp()) + seconds)
    return Request(body, tuple(headers.items()))


def slack(key=KEY, body=b"", seconds=0):
    stamp = str(int(AT.timestamp()) + seconds)
    mark = SignatureVerifier(key).generate_signature(timestamp=stamp, body=body)
    headers = {**FORM, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": mark}
    return Request(body, tuple(headers.items()))


def twilio(function):
    def make(key=KEY, body=b"", at="", seconds=0):
        del seconds
        form = json.loads(body)
        mark = RequestValidator(key).compute_signature(bootstrap.function_url(at or function), form)
        return Request(urlencode(form).encode(), (*FORM.items(), ("X-Twilio-Signature", mark)))

    return make


def link(url):
    def make(key=KEY, body=b"", seconds=0):
        return Request(path=urlsplit(url(body.decode(), key, AT + timedelta(seconds=seconds))).path)

    return make


def app(key=KEY, body=b"", seconds=0, **claims):
    del seconds
    token = id_token("omar@souk.example", **({} if key == KEY else {"project": "another"}), **claims)
    return Request(body, (*JSON.items(), ("Authorization", f"Bearer {token}")))


def press(action, incident):
    payload = {
        "type": "block_actions",
        "user": {"id": "U0MONA"},
        "channel": {"id": "C0INCIDENTS"},
        "container": {"message_ts": "1.2", "channel_id": "C0INCIDENTS"},
        "actions": [{"action_id": action, "value": incident, "type": "button", "action_ts": "1.1"}],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def spelt(*documents):
    return tuple(json.dumps(document).encode() for document in documents)


def doors(incident, rows):
    """Every public function's door in a house with this incident and its ledger rows (two messages, and a call)."""
    support = {"channel": "email", "request": "T-1", "event": "opened", "at": STAMP}
    probe = {"target": "website", "place": "cairo", "at": STAMP, "ok": False, "reason": "dns"}
    receipt = {"MessageSid": "SM1", "MessageStatus": "delivered", "notification": rows[0]}
    call = {"CallSid": "CA1", "notification": rows[-1], "Digits": "4", "turn": "1"}
    text = {"MessageSid": "SM2", "From": "+201000000011", "Body": "STOP"}
    ours = (b"person/mona", b"person/omar")
    return {
        "receive_slack_action": Door(
            slack, "X-Slack-Signature", (press("acknowledge", incident), press("resolve", incident)), is_timed=True
        ),
        "receive_support_request": Door(
            posted, "X-Soukmon-Signature", spelt(support, support | {"event": "resolved"}), is_timed=True, replayed=401
        ),
        "receive_probe": Door(
            posted, "X-Soukmon-Signature", spelt({"probes": [probe]}, {"probes": [probe | {"ok": True}]}),
            is_timed=True, replayed=401,
        ),
        "receive_twilio_callback": Door(
            twilio("receive_twilio_callback"), "X-Twilio-Signature",
            spelt(receipt, receipt | {"MessageStatus": "undelivered"}), replayed=204,
        ),
        "answer_call": Door(twilio("answer_call"), "X-Twilio-Signature", spelt(call, call | {"Digits": "6"})),
        "receive_sms": Door(twilio("receive_sms"), "X-Twilio-Signature", spelt(text, text | {"Body": "START"})),
        "register_device": Door(app, "Authorization", spelt({"token": "x" * 30}, {"token": "y" * 30})),
        "acknowledge": Door(
            link(lambda row, key, at: acknowledge_url("", row, keys=[key])),
            bodies=(rows[0].encode(), rows[1].encode()), replayed=410,
        ),
        "unsubscribe": Door(
            link(lambda who, key, at: unsubscribe_link("", who, BulletinKind.DIGEST, keys=[key])),
            bodies=(b"mona", b"omar"),
        ),
        "serve_calendar": Door(
            link(lambda name, key, at: calendar_url("", *name.split("/"), keys=[key])), bodies=ours, reads=True
        ),
        "serve_chart": Door(
            link(lambda name, key, at: chart_url("", name, keys=[key])), bodies=(b"e1", b"e2"), reads=True
        ),
        "serve_report": Door(
            link(lambda name, key, at: report_url("", name, until=at + timedelta(days=1), keys=[key])),
            bodies=(REPORT.encode(), OTHER_REPORT.encode()), reads=True,
        ),
        "manage_subscriptions": Door(
            link(lambda handle, key, at: f"/confirm/{handle if key == KEY else 'x' * 32}"),
            bodies=(HANDLE.encode(), b"y" * 32),
        ),
    }  # fmt: skip


def genuine(door, **wish):
    made = door.make(**{"body": door.bodies[0], **wish})
    return replace(made, method="GET") if door.reads else made


def _proven(door, change):
    """The genuine request with its proof changed: `change` gets the header and gives those that come in its place."""
    request = genuine(door)
    others = tuple(pair for pair in request.headers if pair[0] != door.proof)
    given = dict(request.headers)[door.proof]
    return replace(request, headers=(*others, *((door.proof, one) for one in change(given))))


def spoilings(name, door):
    """What is wrong -> (what makes the request, the statuses that may answer it)."""

    def ours():
        return genuine(door)

    another = "POST" if door.reads else "GET"
    found = {
        "the key of somebody else": (lambda: genuine(door, key=OTHER_KEY), {401, 404}),
        "a method it does not serve": (lambda: replace(ours(), method="PUT"), {405}),
        "another method": (lambda: replace(ours(), method=another), {405} if door.reads or door.proof else {200}),
    }
    if door.is_timed:
        found["signed too long ago"] = lambda: genuine(door, seconds=-301), {401}
        found["signed ahead of time"] = lambda: genuine(door, seconds=301), {401}
    if door.proof:
        changes = {
            "an empty signature": lambda _: ("",),
            "a signature cut short": lambda given: (given[:-6],),
            "the signature twice": lambda given: (given, given),
            "a signature in another script": lambda _: ("\u0645\u0646",),
            "no signature": lambda _: (),
        }
        for what, change in changes.items():
            found[what] = partial(_proven, door, change), {401}
        if door.proof != "Authorization":  # a person's token is for all that they send
            found["the right key over another body"] = (
                lambda: replace(ours(), body=door.make(body=door.bodies[1]).body),
                {401},
            )
    else:
        found["an address cut short"] = lambda: replace(ours(), path=ours().path[:-9]), {401, 404}
        found["no signature"] = lambda: replace(ours(), path="/"), {400, 401, 404}
        found["a signature of another address"] = lambda: _moved(door), {401, 404}
        found["a path of another script"] = lambda: replace(ours(), path="/%D9%85%FF%00"), {400, 401, 404}
    if door.proof == "X-Twilio-Signature":
        elsewhere = "receive_sms" if name != "receive_sms" else "answer_call"
        found["signed for another address"] = lambda: genuine(door, at=elsewhere), {401}
    if door.proof == "Authorization":
        found |= {
            "a token for another audience": (lambda: genuine(door, aud="another"), {401}),
            "a token of another issuer": (lambda: genuine(door, iss="https://accounts.google.com"), {401}),
            "a token that is over": (lambda: genuine(door, iat=1_700_000_000, exp=1_700_003_600), {401}),
            "an address that was never verified": (lambda: genuine(door, email_verified=False), {403}),
            "somebody who is not of ours": (lambda: genuine(door, email="stranger@souk.example"), {403}),
            "a token that says it needs no signature": (partial(_proven, door, _unsigned), {401}),
        }
    if name == "serve_report":
        found["a link that is over"] = lambda: genuine(door, seconds=-86_400), {410}
    return found


def _moved(door):
    """What signs the one address, behind the other."""
    ours, other = genuine(door).path, door.make(body=door.bodies[1]).path
    first, second = (one.decode() for one in door.bodies)
    return replace(genuine(door), path=ours.replace(first, second) if first in ours else other)


def _unsigned(given):
    claims = given.removeprefix("Bearer ").split(".")[1]
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return (f"Bearer {header}.{claims}.",)
