"""The functions as production serves them, over embedded engines in a folder, with keys that the fuzzer knows."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from slack_sdk.signature import SignatureVerifier
from twilio.request_validator import RequestValidator
from werkzeug.test import Client

from infra.local.ci.post_measurement import signed
from infra.local.functions import mount
from infra.local.sandbox import identity
from infra.local.sandbox.server import serve
from infra.local.warehouse.on_demand import WarehouseOnDemand
from infra.tools.fuzz.seeds import AT
from shared import bootstrap
from shared.adapters.clocks import VirtualClock
from shared.config.loader import load
from shared.domain.configuration import Configuration
from shared.errors import UndecodableError
from shared.inbound import envelopes
from shared.settings import Settings
from shared.usecases.quarantine import Delivery
from shared.usecases.records import DEAD_LETTERS, RECEIPTS

KEY = "a key that only this house knows"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FAILED = 500


class LostError(Exception):
    """A function failed where it had to answer or to refuse, or acknowledged what it kept nowhere."""


class CountingBus:
    """Implements Publisher: counts, and keeps nothing."""

    def __init__(self) -> None:
        self.count = 0

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        """Implements Publisher."""
        del topic, data, attributes
        self.count += 1
        return str(self.count)


class House:
    """One installation; each way in takes bytes, wraps and signs them as their true sender would, and judges."""

    def __init__(self, folder: Path, *, configuration: Configuration | None = None) -> None:
        self.clock, self.bus = VirtualClock(AT), CountingBus()
        self._issuer = serve(identity.create_app())
        chosen = Settings(
            state_dir=str(folder), public_url="https://m.souk.example", link_keys=KEY, slack_signing_secret=KEY,
            twilio_token=KEY, measurement_keys=KEY, support_keys=KEY, probe_keys=KEY, sign_in="local",
            sign_in_token=KEY, identity_keys=f"{self._issuer.url}/keys",
        )  # fmt: skip
        config = configuration or load()
        self._warehouse = WarehouseOnDemand(folder / "warehouse.duckdb")
        bootstrap.install(chosen, clock=self.clock, publisher=self.bus, configuration=config, warehouse=self._warehouse)
        self._clients: dict[str, Client] = {}

    def close(self) -> None:
        """Leave no installation behind."""
        self._issuer.close()
        self._warehouse.close()
        bootstrap.install()

    def event(self, function: str, body: bytes, headers: Mapping[str, str] = JSON) -> None:
        """A delivery to a receiver of events; what it acknowledges has to be published, on record or a dead letter."""
        before = self.bus.count
        status = self._call(function, body, headers)
        if status == 204 and self.bus.count == before and not self._is_kept(function, body, headers):  # noqa: PLR2004
            raise LostError(f"{function} acknowledged what is nowhere")

    def pushed(self, function: str, data: bytes) -> None:
        """A payload as the bus pushes it."""
        message = {"data": base64.b64encode(data).decode(), "messageId": "1", "attributes": {}}
        self.event(function, json.dumps({"message": message, "subscription": "s"}).encode())

    def alert(self, data: bytes) -> None:
        """A Firebase alert whose type the payload's first byte chooses."""
        kinds = ("crashlytics.velocity", "crashlytics.newFatalIssue", "performance.threshold", "crashlytics.regression")
        kind = kinds[data[0] % len(kinds)] if data else ""
        source = "//firebasealerts.googleapis.com/projects/1"
        attributes = {"id": "1", "type": "t", "source": source, "specversion": "1.0", "alerttype": kind, "appid": "1:1"}
        self.event("receive_firebase_alert", data, JSON | {f"ce-{name}": text for name, text in attributes.items()})

    def posted(self, function: str, body: bytes) -> None:
        """A post that is signed with our key."""
        self._call(function, body, JSON | signed(body, key=KEY, at=int(self.clock.now().timestamp())))

    def slack(self, body: bytes, kind: Mapping[str, str] = FORM) -> None:
        """A request that Slack signed."""
        stamp = str(int(self.clock.now().timestamp()))
        # The SDK's own signer takes text only; what is none, Slack cannot have signed.
        text = body.decode("utf-8", "replace")
        mark = SignatureVerifier(KEY).generate_signature(timestamp=stamp, body=text) or ""
        headers = {**kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": mark}
        self._call("receive_slack_action", body, headers)

    def slack_payload(self, data: bytes) -> None:
        """An interaction: a pressed button or a sent modal."""
        self.slack(urlencode({"payload": data}).encode())

    def slack_command(self, data: bytes) -> None:
        """What somebody of ours typed after /incident."""
        self.slack(urlencode({"command": "/incident", "user_id": "U0MONA", "channel_id": "C1", "text": data}).encode())

    def twilio(self, function: str, data: bytes) -> None:
        """A form that Twilio signed: an object's fields, or the bytes as the text of a message."""
        form = _fields(data)
        mark = RequestValidator(KEY).compute_signature(bootstrap.function_url(function), form)
        body = urlencode(form).encode()
        self._call(function, body, FORM | {"X-Twilio-Signature": mark})

    def visited(self, function: str, path: bytes, *, method: str = "GET") -> None:
        """An address that anybody may have made up."""
        self._call(function, b"", {}, path=f"/{quote(path)}", method=method)

    def registering(self, data: bytes) -> None:
        """A device of somebody whose sign-in may be anything."""
        printable = "".join(c for c in data.decode("latin-1") if c.isprintable())
        body = json.dumps({"token": "x" * 30}).encode()
        self._call("register_device", body, JSON | {"Authorization": printable})

    def _call(
        self, function: str, body: bytes, headers: Mapping[str, str], *, path: str = "/", method: str = "POST"
    ) -> int:
        if function not in self._clients:
            self._clients[function] = Client(mount(function))
        response = self._clients[function].open(path, method=method, data=body, headers=dict(headers))
        if response.status_code >= FAILED:
            raise LostError(f"{function} answered {response.status_code}")
        return response.status_code

    def _is_kept(self, function: str, body: bytes, headers: Mapping[str, str]) -> bool:
        store = bootstrap.state()
        if store.get(DEAD_LETTERS, Delivery(function, {}, body).id) is not None:
            return True
        try:
            name = envelopes.read(headers, body).event_id
        except UndecodableError:
            return False
        return store.get(RECEIPTS, name) is not None


def _fields(data: bytes) -> dict[str, str]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return {"MessageSid": "SM1", "From": "+20100", "Body": data.decode("utf-8", "replace")}
    if not isinstance(document, dict):
        return {"CallSid": "CA1", "Digits": _sendable(str(document))}
    # Halves of characters cannot be sent in a form at all.
    return {_sendable(name): _sendable(str(value)) for name, value in document.items()}


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
