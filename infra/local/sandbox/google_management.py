"""The management APIs that measures against a breach use: users, service accounts, log buckets, in memory."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask, jsonify, request
from flask.typing import ResponseReturnValue

ERRORS = {
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    400: "INVALID_ARGUMENT",
    503: "UNAVAILABLE",
}


@dataclass
class Management:
    """What the APIs know and what was done to it. `refuses` holds "METHOD path ending" -> status of the next answer."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    buckets: dict[str, int] = field(default_factory=dict)
    mailed: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def with_samples(cls) -> "Management":
        """Something to try the measures on."""
        made = cls(buckets={"locations/global/buckets/_Default": 30, "locations/global/buckets/_Required": 400})
        for number in range(1, 6):
            made.add_user(f"sample-user-{number}", password=number != 5)  # noqa: PLR2004 - the last signs in elsewhere
        made.accounts["importer@souk-el-sayarat.iam.gserviceaccount.com"] = {"displayName": "Nightly import"}
        return made

    def add_user(self, uid: str, *, password: bool = True) -> None:
        """Somebody who signs in with a password, or with Google alone."""
        provider = "password" if password else "google.com"
        self.users[uid] = {
            "localId": uid,
            "email": f"{uid}@customers.test",
            "providerUserInfo": [{"providerId": provider}],
            "validSince": "0",
        }

    def takes(self, what: str) -> int:
        """The status with which the call is refused; 0 when it is taken."""
        with self.lock:
            self.calls.append(what)
            found = next((key for key in self.refuses if what.endswith(key)), "")
            return self.refuses.pop(found, 0)


def create_app(management: Management, *, token: str, further: Sequence[Blueprint] = ()) -> Flask:
    """The three APIs, each below a path of its own, and further ones."""
    app = Flask("google_management_sandbox")

    @app.before_request
    def check() -> ResponseReturnValue | None:
        if request.headers.get("Authorization") != f"Bearer {token}":
            return _error(401)
        status = management.takes(f"{request.method} {request.path}")
        return _error(status) if status else None

    for part in (_users(management), _accounts(management), _buckets(management), *further):
        app.register_blueprint(part)
    return app


def _users(management: Management) -> Blueprint:
    part = Blueprint("users", __name__, url_prefix="/identitytoolkit/v1")

    @part.post("/projects/<project>/accounts:<act>")
    def accounts(project: str, act: str) -> ResponseReturnValue:
        del project
        body: dict[str, Any] = request.get_json(silent=True) or {}
        match act:
            case "lookup":
                found = [management.users[uid] for uid in body.get("localId", []) if uid in management.users]
                return {"users": found} if found else {}
            case "update":
                return _updated(management, body)
            case "sendOobCode" if body.get("requestType") == "PASSWORD_RESET" and not body.get("returnOobLink"):
                management.mailed.append(body["email"])
                return {"email": body["email"]}
        return _error(400)

    return part


def _accounts(management: Management) -> Blueprint:
    part = Blueprint("service_accounts", __name__, url_prefix="/iam/v1")

    @part.get("/projects/<project>/serviceAccounts/<email>")
    def service_account(project: str, email: str) -> ResponseReturnValue:
        known = management.accounts.get(email)
        return _error(404) if known is None else {"name": f"projects/{project}/serviceAccounts/{email}", **known}

    @part.post("/projects/<project>/serviceAccounts/<email>:disable")
    def disable(project: str, email: str) -> ResponseReturnValue:
        del project
        if email not in management.accounts:
            return _error(404)
        management.accounts[email]["disabled"] = True
        return {}

    return part


def _buckets(management: Management) -> Blueprint:
    part = Blueprint("log_buckets", __name__, url_prefix="/logging/v2")

    @part.route("/projects/<project>/<path:bucket>", methods=["GET", "PATCH"])
    def log_bucket(project: str, bucket: str) -> ResponseReturnValue:
        if bucket not in management.buckets:
            return _error(404)
        if request.method == "PATCH":
            if request.args.get("updateMask") != "retentionDays":
                return _error(400)
            management.buckets[bucket] = int((request.get_json(silent=True) or {})["retentionDays"])
        return {"name": f"projects/{project}/{bucket}", "retentionDays": management.buckets[bucket], "locked": False}

    return part


def _updated(management: Management, body: Mapping[str, Any]) -> ResponseReturnValue:
    user = management.users.get(str(body.get("localId")))
    if user is None:
        return jsonify({"error": {"code": 400, "message": "USER_NOT_FOUND"}}), 400
    user |= {name: body[name] for name in ("password", "validSince") if name in body}
    return {"localId": user["localId"]}


def _error(status: int) -> ResponseReturnValue:
    said = ERRORS.get(status, "UNKNOWN")
    return jsonify({"error": {"code": status, "message": said, "status": said}}), status
