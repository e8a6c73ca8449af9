"""Service accounts disabled and log buckets kept for longer, over Google's REST APIs with a signed session.

A log bucket can be locked for ever; what is wrong about that could never be put right. Its retention is raised instead,
which its owner can take back, and nothing that is there is lost meanwhile.
"""

from urllib.parse import quote

from shared.adapters.google_rest import Rest
from shared.domain.containment import Effect
from shared.errors import ContainmentError

KEPT_DAYS = 400  # as long as Google keeps the audit logs of the _Required bucket


def rest(*, base_url: str = "", token: str = "") -> Rest:
    """The APIs, whose refusals are ContainmentErrors."""
    return Rest(base_url=base_url, token=token, refusal=lambda text, _: ContainmentError(text))


class ServiceAccounts:
    """Implements `Containing`: a service account can do nothing any more, and its tokens are refused at once."""

    def __init__(self, rest: Rest, project: str) -> None:
        self._rest, self._project = rest, project

    def foresee(self, target: str) -> Effect:
        """Whether there is such an account that is not disabled already."""
        found = self._rest.ask("GET", "iam", self._path(target))
        if found.get("disabled") is True:
            return Effect(target, "is disabled already", is_change=False)
        name = str(found.get("displayName") or "without a name")
        return Effect(target, f"would be disabled ({name}); whatever runs as it stops")

    def carry_out(self, target: str) -> str:
        """Disable it; `gcloud iam service-accounts enable` takes that back."""
        self._rest.ask("POST", "iam", f"{self._path(target)}:disable", json={})
        return "disabled"

    def _path(self, email: str) -> str:
        return f"v1/projects/{self._project}/serviceAccounts/{quote(email, safe='@')}"


class LogBuckets:
    """Implements `Containing`: what is in a log bucket stays for at least `KEPT_DAYS`."""

    def __init__(self, rest: Rest, project: str) -> None:
        self._rest, self._project = rest, project

    def foresee(self, target: str) -> Effect:
        """How long its entries are kept now."""
        days = self._days(target)
        if days >= KEPT_DAYS:
            return Effect(target, f"keeps its entries for {days} days already", is_change=False)
        return Effect(target, f"would keep its entries for {KEPT_DAYS} days instead of {days}")

    def carry_out(self, target: str) -> str:
        """Raise the retention; never lower it."""
        days = self._days(target)
        if days < KEPT_DAYS:
            mask = {"updateMask": "retentionDays"}
            self._rest.ask("PATCH", "logging", self._path(target), params=mask, json={"retentionDays": KEPT_DAYS})
        return f"keeps its entries for {max(days, KEPT_DAYS)} days"

    def _days(self, target: str) -> int:
        return int(self._rest.ask("GET", "logging", self._path(target)).get("retentionDays", 30))

    def _path(self, bucket: str) -> str:
        return f"v2/projects/{self._project}/{bucket}"
