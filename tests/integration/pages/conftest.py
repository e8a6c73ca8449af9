"""The function of the pages as production serves it, over embedded engines, with each way to sign in and its issuer."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from flask import Flask
from google.auth import crypt, jwt
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from infra.local.functions import mount
from infra.local.sandbox import identity
from infra.local.sandbox.server import serve
from shared import bootstrap
from shared.adapters.iap_sign_in import HEADER, ISSUER
from shared.adapters.indexes import INDEXES
from shared.adapters.sqlite_state import SqliteState
from shared.domain.incidents import Incident
from shared.domain.signals import Signal
from shared.ports.store import Query
from shared.settings import Settings
from shared.usecases.handle_signal import handle_signal
from shared.usecases.records import INCIDENTS, value_of
from tests.conftest import configuration

HOST = "https://m.souk.example"
AUDIENCE = "/projects/123456789012/locations/europe-west1/services/soukmon-serve-dashboard"
PROJECT = "souk-test-1"
KEYS = ("old" * 16, "new" * 16)
TOKEN = "t" * 43
OURS = {"Origin": HOST, "Sec-Fetch-Site": "same-origin"}
BOOKKEEPING = {"audited", "chains", "nonces"}  # where sign-ins and refusals are on record


class Proxy:
    """Signs as Identity-Aware Proxy does."""

    def __init__(self):
        self._key, self._other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self._rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def public(self):
        """The keys by their ids; the second one is of a kind that the proxy does not sign with."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        keys = {"k1": self._key, "k2": self._rsa}
        return {
            kid: key.public_key().public_bytes(serialization.Encoding.PEM, form).decode() for kid, key in keys.items()
        }

    def token(self, email, *, forged=False, age=timedelta(0), header=None, kid="k1", **changes):
        now = datetime.now(UTC) - age
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": f"accounts.google.com:{email}", "email": email,
                  "iat": int(now.timestamp()), "exp": int((now + timedelta(minutes=10)).timestamp()), **changes}  # fmt: skip
        key = self._rsa if kid == "k2" else self._other if forged else self._key
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        pem = key.private_bytes(encoding, form, serialization.NoEncryption())
        return jwt.encode(
            (crypt.RSASigner if kid == "k2" else crypt.EsSigner).from_string(pem, kid), claims, header=header
        ).decode()


class SilentBus:
    """Implements Publisher."""

    def __init__(self):
        self.topics = []

    def publish(self, topic, data, attributes=None):
        self.topics.append(topic)
        return str(len(self.topics))


class House:
    """One installation of the pages, how its readers prove themselves, and what it keeps."""

    def __init__(self, folder, clock, proxy, issuer):
        self.folder, self.clock, self.proxy, self._issuer = folder, clock, proxy, issuer
        self.config, self.bus = configuration(), SilentBus()
        self.store, self.latest = SqliteState(folder / "state.db"), ""
        self.warehouse = None  # where a test needs figures

    def open(self, mode, **changes):
        settings = {
            "state_dir": str(self.folder), "link_keys": ",".join(KEYS), "sign_in": mode, "sign_in_token": TOKEN,
            "project": PROJECT, "iap_audience": AUDIENCE, "iap_keys": f"{self._issuer}/iap",
            "identity_keys": f"{self._issuer}/identity/keys",
        }  # fmt: skip
        chosen = Settings(**{**settings, **changes})
        bootstrap.install(
            chosen, clock=self.clock, publisher=self.bus, configuration=self.config, warehouse=self.warehouse
        )
        return Browser(Client(mount("serve_dashboard")), self)

    def happens(self, *, name="f1", title="Checkout.kt line 88", **labels):
        """Something goes wrong; the incident that comes of it."""
        now = self.clock.now()
        signal = Signal(
            f"e-{name}", name, name, "crashlytics.velocity", "firebase", "app", title, now, now, labels=labels
        )
        handled = handle_signal(signal, config=self.config, store=self.store, publisher=self.bus, clock=self.clock)
        self.latest = handled.incident
        return self.latest

    def incident(self, name):
        return value_of(self.store.get(INCIDENTS, name), Incident)

    def everything(self):
        """All that is kept, but for the record of who came."""
        found = {name: self.store.find(Query(name, limit=10_000)) for name in INDEXES if name not in BOOKKEEPING}
        return {(row.collection, row.id): (row.version, row.body) for rows in found.values() for row in rows}

    def record(self):
        lines = sorted(self.store.find(Query("audited", limit=1_000)), key=lambda row: row.id)
        return [(row.body["actor"], row.body["act"], row.body["detail"]) for row in lines]


class Browser:
    """Asks as a browser does: with its cookies, and with where a form comes from."""

    def __init__(self, client, house):
        self.client, self.house = client, house
        self.proof = {}

    def as_(self, email, mode):
        self.proof = {"iap": {HEADER: self.house.proxy.token(email)}, "firebase": bearer(email), "local": {}}[mode]
        return self

    def get(self, path, **headers):
        return self.client.get(path, base_url=HOST, headers={**self.proof, **headers})

    def post(self, path, form=None, *, headers=OURS):
        return self.client.post(path, base_url=HOST, data=form or {}, headers={**self.proof, **headers})

    def token(self):
        """What the forms of this person's pages carry."""
        page = self.get(f"/incidents/{self.house.latest}").text
        return re.search('name="token" value="([^"]+)"', page)[1]


def bearer(email, **changes):
    return {"Authorization": f"Bearer {identity.id_token(email, **{'project': PROJECT, **changes})}"}


@pytest.fixture(scope="session")
def proxy():
    return Proxy()


@pytest.fixture(scope="session")
def issuer(proxy):
    """Where the public keys are, as Google shows them."""
    app = Flask("issuer")
    app.add_url_rule("/iap", view_func=lambda: proxy.public)
    with serve(DispatcherMiddleware(app, {"/identity": identity.create_app()})) as server:
        yield server.url


@pytest.fixture
def house(tmp_path, clock, proxy, issuer):
    yield House(tmp_path, clock, proxy, issuer)
    bootstrap.install()
