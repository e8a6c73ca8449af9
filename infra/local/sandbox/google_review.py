"""The management APIs that the security scan reads: policies, buckets, services, keys and security rules, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

SHARE = 2  # items a page, so that paging is always tried
RULES = """rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    match /customers/{id} {
      allow read, write: if request.auth != null && request.auth.uid == id;
    }
  }
}
"""


@dataclass
class Reviewed:
    """What a project is like. Policies are role -> members; keys are by account, each id with when it was made."""

    project: dict[str, list[str]] = field(default_factory=dict)
    buckets: dict[str, dict[str, Any]] = field(default_factory=dict)
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)

    @classmethod
    def with_samples(cls) -> "Reviewed":
        """A project in which all is as it should be."""
        made = cls(rules={"cloud.firestore": RULES})
        made.add_bucket("souk-el-sayarat-pictures")
        return made

    def add_bucket(self, name: str, *, prevented: bool = True, uniform: bool = True, **roles: list[str]) -> None:
        """A bucket; `roles` by their last word: objectViewer=["allUsers"]."""
        policy = {f"roles/storage.{role}": members for role, members in roles.items()}
        self.buckets[name] = {"prevented": prevented, "uniform": uniform, "policy": policy}

    def add_service(self, name: str, account: str, *, region: str = "europe-west1", public: bool = False) -> None:
        """A service of Cloud Run."""
        policy = {"roles/run.invoker": ["allUsers"]} if public else {}
        self.services[name] = {"account": account, "region": region, "policy": policy}


def parts(known: Reviewed) -> Sequence[Blueprint]:
    """The APIs, each below a path of its own."""
    return (_projects(known), _storage(known), _run(known), _iam(known), _rules(known))


def _projects(known: Reviewed) -> Blueprint:
    part = Blueprint("projects", __name__, url_prefix="/cloudresourcemanager/v3")

    @part.post("/projects/<project>:getIamPolicy")
    def policy(project: str) -> ResponseReturnValue:
        del project
        return _policy(known.project)

    return part


def _storage(known: Reviewed) -> Blueprint:
    part = Blueprint("buckets_of_files", __name__, url_prefix="/storage/storage/v1/b")

    @part.get("")
    def buckets() -> ResponseReturnValue:
        return _page([_bucket(name, one) for name, one in known.buckets.items()], "items")

    @part.get("/<name>/iam")
    def policy(name: str) -> ResponseReturnValue:
        return _policy(known.buckets[name]["policy"]) if name in known.buckets else _missing()

    return part


def _bucket(name: str, one: dict[str, Any]) -> dict[str, Any]:
    prevention = "enforced" if one["prevented"] else "inherited"
    access = {"publicAccessPrevention": prevention, "uniformBucketLevelAccess": {"enabled": one["uniform"]}}
    return {"kind": "storage#bucket", "name": name, "iamConfiguration": access}


def _run(known: Reviewed) -> Blueprint:
    part = Blueprint("services", __name__, url_prefix="/run")

    @part.get("/apis/serving.knative.dev/v1/namespaces/<project>/services")
    def services(project: str) -> ResponseReturnValue:
        del project
        found = list(known.services.items())
        start = int(request.args.get("continue") or 0)
        more = {"continue": str(start + SHARE)} if start + SHARE < len(found) else {}
        return {"kind": "ServiceList", "metadata": more, "items": [_service(*one) for one in found[start:][:SHARE]]}

    @part.get("/v2/projects/<project>/locations/<region>/services/<name>:getIamPolicy")
    def policy(project: str, region: str, name: str) -> ResponseReturnValue:
        del project
        one = known.services.get(name)
        return _policy(one["policy"]) if one is not None and one["region"] == region else _missing()

    return part


def _service(name: str, one: dict[str, Any]) -> dict[str, Any]:
    labels = {"cloud.googleapis.com/location": one["region"]}
    spec = {"serviceAccountName": one["account"]} if one["account"] else {}
    return {"kind": "Service", "metadata": {"name": name, "labels": labels}, "spec": {"template": {"spec": spec}}}


def _iam(known: Reviewed) -> Blueprint:
    part = Blueprint("keys", __name__, url_prefix="/iam/v1/projects/<project>/serviceAccounts")

    @part.get("")
    def accounts(project: str) -> ResponseReturnValue:
        del project
        return _page([{"email": email} for email in known.keys], "accounts")

    @part.get("/<email>/keys")
    def keys(project: str, email: str) -> ResponseReturnValue:
        start = f"projects/{project}/serviceAccounts/{email}/keys"
        made = known.keys.get(email, {}).items() if request.args.get("keyTypes") == "USER_MANAGED" else ()
        return {"keys": [{"name": f"{start}/{name}", "validAfterTime": at} for name, at in made]}

    return part


def _rules(known: Reviewed) -> Blueprint:
    part = Blueprint("rules", __name__, url_prefix="/firebaserules/v1/projects/<project>")

    @part.get("/releases")
    def releases(project: str) -> ResponseReturnValue:
        start = f"projects/{project}"
        found = [
            {"name": f"{start}/releases/{name}", "rulesetName": f"{start}/rulesets/{n}"} for n, name in _numbered()
        ]
        return _page(found, "releases")

    @part.get("/rulesets/<int:number>")
    def ruleset(project: str, number: int) -> ResponseReturnValue:
        name = dict(_numbered())[number]
        content = {"name": f"{name}.rules", "content": known.rules[name]}
        return {"name": f"projects/{project}/rulesets/{number}", "source": {"files": [content]}}

    def _numbered() -> list[tuple[int, str]]:
        return list(enumerate(known.rules, 1))

    return part


def _page(items: list[dict[str, Any]], name: str) -> ResponseReturnValue:
    start = int(request.args.get("pageToken") or 0)
    more = {"nextPageToken": str(start + SHARE)} if start + SHARE < len(items) else {}
    return {name: items[start:][:SHARE], **more} if items else more


def _policy(roles: dict[str, list[str]]) -> ResponseReturnValue:
    return {"version": 1, "etag": "BwX", "bindings": [{"role": role, "members": who} for role, who in roles.items()]}


def _missing() -> ResponseReturnValue:
    return jsonify({"error": {"code": 404, "status": "NOT_FOUND"}}), 404
