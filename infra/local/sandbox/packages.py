"""What is known of packages elsewhere, in memory: OSV's vulnerabilities and PyPI's releases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

UNAVAILABLE = 503
SHARE = 2  # vulnerabilities a page of an answer


@dataclass
class Packages:
    """OSV documents by id; PyPI's projects: name -> version -> what the JSON APIs say of it.

    `refuses` holds "METHOD path ending" -> status of the next answer.
    """

    vulnerabilities: dict[str, dict[str, Any]] = field(default_factory=dict)
    projects: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    refuses: dict[str, int] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def add_release(self, name: str, version: str, uploaded: str, **more: Any) -> None:  # noqa: ANN401 - JSON
        """A release of one wheel, uploaded at an instant ("2026-01-01T00:00:00Z").

        `more`: requires_dist, requires_python, yanked, project_urls.
        """
        self.projects.setdefault(name, {})[version] = {"uploaded": uploaded, **more}


def create_app(known: Packages) -> Flask:
    """OSV below /v1, PyPI below /simple and /pypi. While nothing is known it is out of service, not without faults."""
    app = Flask("packages_sandbox")

    @app.before_request
    def check() -> ResponseReturnValue | None:
        call = f"{request.method} {request.path}"
        known.calls.append(call)
        found = next((key for key in known.refuses if call.endswith(key)), "")
        status = known.refuses.pop(found, 0 if known.vulnerabilities or known.projects else UNAVAILABLE)
        return (jsonify({"code": status, "message": "refused"}), status) if status else None

    @app.post("/v1/querybatch")
    def querybatch() -> ResponseReturnValue:
        return {"results": [_answered(one, known) for one in request.get_json()["queries"]]}

    @app.get("/v1/vulns/<name>")
    def vulnerability(name: str) -> ResponseReturnValue:
        found = known.vulnerabilities.get(name)
        return found if found is not None else (jsonify({"code": 5, "message": "Bug not found."}), 404)

    @app.get("/simple/<name>/")
    def index(name: str) -> ResponseReturnValue:
        found = known.projects.get(name)
        return _missing() if found is None else _index(name, found)

    @app.get("/pypi/<name>/<version>/json")
    def release(name: str, version: str) -> ResponseReturnValue:
        found = known.projects.get(name, {}).get(version)
        return _missing() if found is None else _release(name, version, found)

    return app


def _answered(query: Mapping[str, Any], known: Packages) -> dict[str, Any]:
    """Those that list the version, a page of them; OSV itself evaluates ranges, and lists what they hold."""
    package, version = query["package"], query["version"]
    found = [
        {"id": name, "modified": one["modified"]}
        for name, one in known.vulnerabilities.items()
        for affected in one["affected"]
        if affected["package"] == package and version in affected["versions"]
    ]
    start = int(query.get("page_token") or 0)
    more = {"next_page_token": str(start + SHARE)} if start + SHARE < len(found) else {}
    return {"vulns": found[start:][:SHARE], **more} if found else {}


def _index(name: str, found: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """PEP 691 and 700: the project's files."""
    files = [
        {
            "filename": f"{name.replace('-', '_')}-{version}-py3-none-any.whl",
            "hashes": {"sha256": _digest(name, version)},
            "requires-python": one.get("requires_python"),
            "upload-time": one["uploaded"],
            "yanked": one.get("yanked", False),
        }
        for version, one in found.items()
    ]
    return {"meta": {"api-version": "1.1"}, "name": name, "versions": list(found), "files": files}


def _release(name: str, version: str, one: Mapping[str, Any]) -> dict[str, Any]:
    info = {
        "name": name,
        "version": version,
        "requires_dist": one.get("requires_dist"),
        "requires_python": one.get("requires_python"),
        "project_urls": one.get("project_urls"),
        "yanked": bool(one.get("yanked", False)),
    }
    return {"info": info, "urls": [{"packagetype": "bdist_wheel", "digests": {"sha256": _digest(name, version)}}]}


def _digest(name: str, version: str) -> str:
    return f"{name}{version}".encode().hex().ljust(64, "0")[:64]


def _missing() -> ResponseReturnValue:
    return jsonify({"message": "Not Found"}), 404
