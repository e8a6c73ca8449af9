"""A repository on GitHub (REST API, version 2022-11-28): its files, branches, pull requests and checks.

https://docs.github.com/en/rest. What is asked twice is done once: a branch is named after what is in it, and a pull
request of it, open or closed, is not opened again. The token needs "Contents" and "Pull requests" (write), "Checks" and
"Commit statuses" (read) of this one repository.
"""

import base64
import binascii
from typing import Any
from urllib.parse import quote

from shared.adapters.json_http import JsonSource
from shared.domain.pinned import Lock
from shared.errors import SourceError
from shared.ports.security import Proposed

HOST = "https://api.github.com"
EXISTS = 422
GOOD = frozenset({"success", "neutral", "skipped"})
MARK = "\n**Checks:** "
SHARE = 100


class GitHub:
    """Implements `Repository`; `base_url` replaces GitHub's host."""

    def __init__(self, repository: str, *, branch: str = "main", token: str = "", base_url: str = "") -> None:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._source = JsonSource("GitHub", base_url or HOST, headers=headers)
        self._repository, self._branch = repository, branch

    def read(self, path: str) -> str:
        """A file of the branch that changes are proposed for."""
        return self._file(path, self._branch)[0]

    def propose(self, proposed: Proposed) -> str:
        """A branch, the file on it, and a pull request; each unless it is there already."""
        head = self._ask("GET", f"git/ref/heads/{quote(self._branch)}")["object"]["sha"]
        self._unless_there("git/refs", {"ref": f"refs/heads/{proposed.name}", "sha": head})
        content, sha = self._file(proposed.path, proposed.name)
        if content != proposed.content:
            encoded = base64.b64encode(proposed.content.encode()).decode()
            body = {"message": proposed.title, "content": encoded, "sha": sha, "branch": proposed.name}
            self._ask("PUT", f"contents/{quote(proposed.path)}", json=body)
        if found := self._pull_of(proposed.name):
            return found
        body = {"title": proposed.title, "head": proposed.name, "base": self._branch, "body": proposed.body}
        return str(self._ask("POST", "pulls", json=body)["html_url"])

    def checks(self, proposed: str) -> str:
        """What check runs and commit statuses of the pull request's newest commit came to; none yet is "pending"."""
        head = quote(self._ask("GET", f"pulls/{_number(proposed)}")["head"]["sha"])
        runs = self._ask("GET", f"commits/{head}/check-runs", params={"per_page": SHARE}).get("check_runs") or []
        status = self._ask("GET", f"commits/{head}/status")
        ended = [str(one.get("conclusion")) for one in runs if one.get("status") == "completed"]
        stated = status["state"] if status.get("total_count") else ""
        if any(one not in GOOD for one in ended) or stated in {"failure", "error"}:
            return "failed"
        is_whole = len(ended) == len(runs) and stated in {"success", ""} and bool(runs or stated)
        return "passed" if is_whole else "pending"

    def tell(self, proposed: str, result: str) -> None:
        """At the end of the pull request's own text."""
        path = f"pulls/{_number(proposed)}"
        body = str(self._ask("GET", path).get("body") or "")
        if MARK not in body:
            self._ask("PATCH", path, json={"body": f"{body}{MARK}{result}\n"})

    def _file(self, path: str, branch: str) -> tuple[str, str]:
        """The text and the blob's id."""
        found = self._ask("GET", f"contents/{quote(path)}", params={"ref": branch} if branch else {})
        try:
            return base64.b64decode(found["content"]).decode(), str(found["sha"])
        except (KeyError, TypeError, binascii.Error, UnicodeDecodeError) as error:
            raise SourceError(f"GitHub's answer about {path} is no text file") from error

    def _pull_of(self, branch: str) -> str:
        owner = self._repository.partition("/")[0]
        found = self._ask("GET", "pulls", params={"head": f"{owner}:{branch}", "state": "all"})
        return str(found[0]["html_url"]) if found else ""

    def _unless_there(self, path: str, body: dict[str, str]) -> None:
        try:
            self._ask("POST", path, json=body)
        except SourceError as error:
            if error.status != EXISTS:
                raise

    def _ask(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - JSON is anything
        return self._source.ask(method, f"repos/{self._repository}/{path}", **more)


def _number(address: str) -> str:
    return quote(address.rstrip("/").rpartition("/")[2], safe="")


class RepositoryLock:
    """Implements `DeployedLocks`: the lock file of an application that lies in a repository."""

    def __init__(self, repository: GitHub, path: str, ecosystem: str) -> None:
        self._repository, self._path, self._ecosystem = repository, path, ecosystem

    def locks(self) -> list[Lock]:
        """The one file."""
        return [Lock(self._path, self._ecosystem, self._repository.read(self._path))]
