"""The management APIs of Firebase that the health check reads: Authentication, Firestore and Hosting, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

SHARE = 2  # sites a page, so that paging is always tried


@dataclass
class Firebase:
    """What a project has: its database as Firestore describes it, and sites, each with its live releases."""

    has_sign_in: bool = True
    database: dict[str, Any] = field(default_factory=dict)
    sites: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @classmethod
    def with_samples(cls) -> "Firebase":
        """A project in which all is as it should be."""
        made = cls(database={"type": "FIRESTORE_NATIVE", "locationId": "eur3"})
        made.add_site("souk-el-sayarat")
        return made

    def add_site(self, name: str, *, kind: str = "DEPLOY", status: str = "FINALIZED") -> None:
        """A site, and what it shows."""
        site = f"sites/{name}"
        version = {"name": f"{site}/versions/1", "status": status}
        release = {"name": f"{site}/channels/live/releases/1", "type": kind, "version": version}
        self.sites[name] = [{**release, "releaseTime": "2026-03-01T10:15:30.123456789Z"}]


def parts(known: Firebase) -> Sequence[Blueprint]:
    """The APIs, each below a path of its own."""
    return (_sign_in(known), _firestore(known), _hosting(known))


def _sign_in(known: Firebase) -> Blueprint:
    part = Blueprint("sign_in", __name__, url_prefix="/identitytoolkit/admin/v2")

    @part.get("/projects/<project>/config")
    def config(project: str) -> ResponseReturnValue:
        if not known.has_sign_in:
            return _missing("CONFIGURATION_NOT_FOUND")
        whole = {"name": f"projects/{project}/config", "signIn": {"hashConfig": {"signerKey": "a key"}}}
        wanted = request.args.get("fields", "")
        return {name: value for name, value in whole.items() if not wanted or name in wanted.split(",")}

    return part


def _firestore(known: Firebase) -> Blueprint:
    part = Blueprint("firestore", __name__, url_prefix="/firestore/v1")

    @part.get("/projects/<project>/databases/(default)")
    def database(project: str) -> ResponseReturnValue:
        if not known.database:
            return _missing("NOT_FOUND")
        return {"name": f"projects/{project}/databases/(default)", **known.database}

    return part


def _hosting(known: Firebase) -> Blueprint:
    part = Blueprint("hosting", __name__, url_prefix="/firebasehosting/v1beta1")

    @part.get("/projects/<project>/sites")
    def sites(project: str) -> ResponseReturnValue:
        start = int(request.args.get("pageToken") or 0)
        names = sorted(known.sites)
        found = [{"name": f"projects/{project}/sites/{name}"} for name in names[start : start + SHARE]]
        more = {"nextPageToken": str(start + SHARE)} if start + SHARE < len(names) else {}
        return {"sites": found, **more}

    @part.get("/sites/<name>/channels/live/releases")
    def releases(name: str) -> ResponseReturnValue:
        found = known.sites[name][: int(request.args.get("pageSize", 100))]
        return {"releases": found} if found else {}

    return part


def _missing(said: str) -> ResponseReturnValue:
    return jsonify({"error": {"code": 404, "message": said, "status": "NOT_FOUND"}}), 404
