"""A repository as GitHub's REST API shows it, in memory: files on branches, pull requests, checks."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask, jsonify, request
from flask.typing import ResponseReturnValue


@dataclass
class Hosted:
    """The files of each branch, the pull requests by number, and the checks of whatever is proposed.

    `refuses` holds "METHOD path ending" -> status of the next answer.
    """

    branches: dict[str, dict[str, str]] = field(default_factory=lambda: {"main": {}})
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    check_runs: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)


def create_app(hosted: Hosted, *, token: str) -> Flask:
    """The API of one repository, of whatever name."""
    app = Flask("github_sandbox")

    @app.before_request
    def check() -> ResponseReturnValue | None:
        call = f"{request.method} {request.path}"
        hosted.calls.append(call)
        if request.headers.get("Authorization") != f"Bearer {token}":
            return _error(401)
        found = next((key for key in hosted.refuses if call.endswith(key)), "")
        return _error(hosted.refuses.pop(found)) if found else None

    for part in (_files(hosted), _pulls(hosted), _commits(hosted)):
        app.register_blueprint(part, url_prefix="/repos/<owner>/<name>")
    return app


def _files(hosted: Hosted) -> Blueprint:
    part = Blueprint("files", __name__)

    @part.get("/git/ref/heads/<path:branch>")
    def ref(owner: str, name: str, branch: str) -> ResponseReturnValue:
        del owner, name
        known = branch in hosted.branches
        return (
            {"ref": f"refs/heads/{branch}", "object": {"type": "commit", "sha": _sha(branch)}} if known else _error(404)
        )

    @part.post("/git/refs")
    def make_ref(owner: str, name: str) -> ResponseReturnValue:
        del owner, name
        branch = request.get_json()["ref"].removeprefix("refs/heads/")
        if branch in hosted.branches:
            return _error(422)
        hosted.branches[branch] = dict(hosted.branches["main"])
        return {"ref": f"refs/heads/{branch}"}, 201

    @part.route("/contents/<path:path>", methods=["GET", "PUT"])
    def contents(owner: str, name: str, path: str) -> ResponseReturnValue:
        del owner, name
        return _put(hosted, path) if request.method == "PUT" else _got(hosted, path)

    return part


def _pulls(hosted: Hosted) -> Blueprint:
    part = Blueprint("pulls", __name__)

    @part.route("/pulls", methods=["GET", "POST"])
    def pulls(owner: str, name: str) -> ResponseReturnValue:
        if request.method == "GET":
            branch = request.args["head"].removeprefix(f"{owner}:")
            return jsonify([one for one in hosted.pulls.values() if one["head"]["ref"] == branch])
        given, number = request.get_json(), len(hosted.pulls) + 7
        page = f"https://github.com/{owner}/{name}/pull/{number}"
        head = {"ref": given["head"], "sha": _sha(given["head"])}
        made = {"number": number, "html_url": page, "head": head, "title": given["title"], "body": given["body"]}
        hosted.pulls[number] = made
        return made, 201

    @part.route("/pulls/<int:number>", methods=["GET", "PATCH"])
    def pull(owner: str, name: str, number: int) -> ResponseReturnValue:
        del owner, name
        if request.method == "PATCH":
            hosted.pulls[number] |= request.get_json()
        return hosted.pulls[number]

    return part


def _commits(hosted: Hosted) -> Blueprint:
    part = Blueprint("commits", __name__)

    @part.get("/commits/<sha>/check-runs")
    def check_runs(owner: str, name: str, sha: str) -> ResponseReturnValue:
        del owner, name, sha
        return {"total_count": len(hosted.check_runs), "check_runs": hosted.check_runs}

    @part.get("/commits/<sha>/status")
    def status(owner: str, name: str, sha: str) -> ResponseReturnValue:
        del owner, name, sha
        worst = next((one for one in ("error", "failure", "pending") if one in hosted.statuses), "success")
        return {"state": worst if hosted.statuses else "pending", "total_count": len(hosted.statuses)}

    return part


def _got(hosted: Hosted, path: str) -> ResponseReturnValue:
    files = hosted.branches.get(request.args.get("ref", "main"), {})
    if path not in files:
        return _error(404)
    content = base64.encodebytes(files[path].encode()).decode()
    return {"path": path, "sha": _sha(files[path]), "encoding": "base64", "content": content}


def _put(hosted: Hosted, path: str) -> ResponseReturnValue:
    given = request.get_json()
    files = hosted.branches[given["branch"]]
    if path in files and given.get("sha") != _sha(files[path]):
        return _error(409)
    files[path] = base64.b64decode(given["content"]).decode()
    return {"content": {"path": path}}


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _error(status: int) -> ResponseReturnValue:
    return jsonify({"message": "refused", "status": str(status)}), status
