"""Who has access to a project, what is public in it, and its security rules, read over Google's REST APIs.

Every call reads; what it needs is the custom role "review" of infra/bootstrap. References:
cloudresourcemanager v3 projects.getIamPolicy; storage v1 buckets.list and buckets.getIamPolicy; run v1
namespaces.services.list (the global endpoint lists all regions) and v2 services.getIamPolicy; iam v1
serviceAccounts.list and keys.list; firebaserules v1 releases.list and rulesets.get.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from shared.adapters.google_rest import Rest
from shared.domain.access_review import PUBLIC, Binding, Bucket, Key, Service
from shared.errors import SourceError

POLICY_VERSION = 3  # the only one that shows bindings with conditions
PAGES = 1_000
LOCATION = "cloud.googleapis.com/location"


class GoogleAccess:
    """Implements `AccessReview`."""

    def __init__(self, rest: Rest, project: str) -> None:
        self._rest, self._project = rest, project

    def bindings(self) -> list[Binding]:
        """Every role of every member on the project."""
        body = {"options": {"requestedPolicyVersion": POLICY_VERSION}}
        policy = self._rest.ask("POST", "cloudresourcemanager", f"v3/projects/{self._project}:getIamPolicy", json=body)
        return [Binding(one["role"], str(member)) for one in _bound(policy) for member in one.get("members") or ()]

    def buckets(self) -> list[Bucket]:
        """Every bucket of the project."""
        return [
            self._bucket(one) for one in self._rest.pages("storage", "storage/v1/b", "items", project=self._project)
        ]

    def services(self) -> list[Service]:
        """Every service of Cloud Run, in all regions."""
        return [self._service(one) for one in self._services()]

    def keys(self) -> list[Key]:
        """The keys of service accounts that people made; Google's own turn by themselves."""
        accounts = self._rest.pages("iam", f"v1/projects/{self._project}/serviceAccounts", "accounts")
        return [key for one in accounts for key in self._keys(str(one["email"]))]

    def _bucket(self, one: dict[str, Any]) -> Bucket:
        name, access = str(one["name"]), one.get("iamConfiguration") or {}
        asked = {"optionsRequestedPolicyVersion": str(POLICY_VERSION)}
        policy = self._rest.ask("GET", "storage", f"storage/v1/b/{quote(name, safe='')}/iam", params=asked)
        public = tuple(str(each["role"]) for each in _bound(policy) if PUBLIC & set(each.get("members") or ()))
        uniform = bool((access.get("uniformBucketLevelAccess") or {}).get("enabled"))
        return Bucket(name, public, access.get("publicAccessPrevention") == "enforced", uniform)

    def _services(self) -> Iterator[dict[str, Any]]:
        """Knative's way of paging: metadata.continue."""
        path, token = f"apis/serving.knative.dev/v1/namespaces/{self._project}/services", ""
        for _ in range(PAGES):
            answer = self._rest.ask("GET", "run", path, params={"continue": token} if token else {})
            yield from answer.get("items") or ()
            token = str((answer.get("metadata") or {}).get("continue") or "")
            if not token:
                return
        raise SourceError("run goes on without an end")

    def _service(self, one: dict[str, Any]) -> Service:
        name = str(one["metadata"]["name"])
        region = str((one["metadata"].get("labels") or {}).get(LOCATION, ""))
        place = f"projects/{self._project}/locations/{quote(region, safe='')}/services/{quote(name, safe='')}"
        policy = self._rest.ask("GET", "run", f"v2/{place}:getIamPolicy")
        account = ((one.get("spec") or {}).get("template") or {}).get("spec") or {}
        is_public = any(PUBLIC & set(each.get("members") or ()) for each in _bound(policy))
        return Service(name, region, str(account.get("serviceAccountName") or ""), is_public)

    def _keys(self, email: str) -> Iterator[Key]:
        path = f"v1/projects/{self._project}/serviceAccounts/{quote(email, safe='@')}/keys"
        for one in self._rest.ask("GET", "iam", path, params={"keyTypes": "USER_MANAGED"}).get("keys") or ():
            if not one.get("disabled"):
                yield Key(email, str(one["name"]).rpartition("/")[2], datetime.fromisoformat(one["validAfterTime"]))


class FirebaseRules:
    """Implements `SecurityRules`."""

    def __init__(self, rest: Rest, project: str) -> None:
        self._rest, self._project = rest, project

    def deployed(self) -> dict[str, str]:
        """The source of each release, by its name in the project ("cloud.firestore", "firebase.storage/BUCKET")."""
        start = f"projects/{self._project}/releases/"
        releases = self._rest.pages("firebaserules", f"v1/projects/{self._project}/releases", "releases")
        return {str(one["name"]).removeprefix(start): self._source(str(one["rulesetName"])) for one in releases}

    def _source(self, ruleset: str) -> str:
        found = self._rest.ask("GET", "firebaserules", f"v1/{quote(ruleset, safe='/')}")
        files = (found.get("source") or {}).get("files") or ()
        return "\n".join(str(one.get("content", "")) for one in files)


def _bound(policy: dict[str, Any]) -> list[dict[str, Any]]:
    return list(policy.get("bindings") or ())
