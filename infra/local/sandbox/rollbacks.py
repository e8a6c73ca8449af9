"""Deployments of its own: webhooks that check our signature, and Cloud Build's triggers; what they start is shown."""

import hmac
import json
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue

from infra.local.sandbox.faults import Fault
from infra.local.sandbox.store import Message, SandboxStore
from shared.ports.platform import Clock

PROVIDER = "rollback"
NOT_FOUND = {"error": {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}}


def create_app(store: SandboxStore, *, clock: Clock, key: str, token: str) -> Flask:
    """`/hooks/<host>/<path>` are webhooks; below `/v1` is the part of Cloud Build's API that runs triggers.

    A trigger whose name begins with "missing" is not there, one with "disabled" is switched off.
    """
    app = Flask("rollback_sandbox")
    _add_webhooks(app, store, clock, key)
    _add_builds(app, store, clock, token)
    return app


def _add_webhooks(app: Flask, store: SandboxStore, clock: Clock, key: str) -> None:
    @app.route("/hooks/<host>/<path:rest>", methods=["HEAD", "POST"])
    def hook(host: str, rest: str) -> ResponseReturnValue:
        if not _is_signed(key):
            return {"error": "bad signature"}, 401
        fault = store.faults.take(PROVIDER, host)
        if "status" in fault:
            return _met(fault)
        nonce = request.headers.get("Idempotency-Key", "")
        if request.method == "POST" and store.get(nonce) is None:
            _keep(store, clock, name=nonce, to=f"{host}/{rest}", text=request.get_data(as_text=True))
        store.faults.lose(fault, request.environ)
        return {"started": nonce}


def _add_builds(app: Flask, store: SandboxStore, clock: Clock, token: str) -> None:
    @app.get("/v1/projects/<project>/locations/<region>/triggers/<trigger>")
    def look(project: str, region: str, trigger: str) -> ResponseReturnValue:
        del project, region
        if request.headers.get("Authorization") != f"Bearer {token}":
            return {"error": {"code": 403, "status": "PERMISSION_DENIED"}}, 403
        if trigger.startswith("missing"):
            return NOT_FOUND, 404
        return {"id": trigger, "name": trigger, "disabled": trigger.startswith("disabled")}

    @app.post("/v1/projects/<project>/locations/<region>/triggers/<trigger>:run")
    def run(project: str, region: str, trigger: str) -> ResponseReturnValue:
        del region
        if request.headers.get("Authorization") != f"Bearer {token}":
            return {"error": {"code": 403, "status": "PERMISSION_DENIED"}}, 403
        body: dict[str, Any] = request.get_json(silent=True) or {}
        if trigger.startswith("missing") or (body.get("projectId"), body.get("triggerId")) != (project, trigger):
            return NOT_FOUND, 404
        fault = store.faults.take(PROVIDER, trigger)
        if "status" in fault:
            return _met(fault)
        name = f"build-{store.next_number('rollback.build')}"
        _keep(store, clock, name=name, to=trigger, text=json.dumps(body["source"]["substitutions"]))
        store.faults.lose(fault, request.environ)
        return {"name": f"operations/build/{project}/{name}", "metadata": {"build": {"id": name, "status": "QUEUED"}}}


def _is_signed(key: str) -> bool:
    at, _, mac = request.headers.get("X-Soukmon-Signature", "").partition(",v1=")
    signed = at.removeprefix("t=").encode() + b"." + request.get_data()
    return hmac.compare_digest(hmac.digest(key.encode(), signed, "sha256").hex(), mac)


def _keep(store: SandboxStore, clock: Clock, *, name: str, to: str, text: str) -> None:
    now = clock.now()
    content = {"subject": "rollback", "text": text, "html": ""}
    store.add(Message(name, PROVIDER, to, content, now, now, status="started", reference=name))


def _met(fault: Fault) -> ResponseReturnValue:
    return fault.get("body") or {}, int(fault["status"]), dict(fault.get("headers", {}))
