"""What counts as safe here: who may have access, which exceptions hold, and how updates are proposed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Borne:
    """A vulnerability that is known and borne until a day, and why."""

    because: str
    until: date


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a GitHub repository ("owner/name") on its default branch."""

    repository: str
    path: str


@dataclass(frozen=True, slots=True)
class AccessPlan:
    """Who may have which roles on the project, and what is public, beside our own functions.

    "{project}" in a name stands for the project's id; a member or a name may hold "*".
    """

    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    public_buckets: tuple[str, ...] = ()
    public_services: tuple[str, ...] = ()
    keys_for: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """Where updates are proposed: a branch and a pull request of `repository`, or files in our store without one.

    A release younger than `cool_down` is left alone: most malicious ones are found within days.
    """

    repository: str = ""
    branch: str = "main"
    lock: str = "requirements.txt"
    cool_down: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SecurityPlan:
    """security.yaml. `rules` maps a release ("cloud.firestore") to the SHA-256 that its source has to have."""

    access: AccessPlan = AccessPlan()
    fresh_for: timedelta = timedelta(days=3)
    ignored: Mapping[str, Borne] = field(default_factory=dict)
    web_lock: RemoteFile | None = None
    rules: Mapping[str, str] = field(default_factory=dict)
    updates: UpdatePlan = UpdatePlan()

    def exception(self, names: Collection[str]) -> Borne | None:
        """The exception for a vulnerability of these names; the one that lasts longest."""
        found = [one for name, one in self.ignored.items() if name in names]
        return max(found, key=lambda one: one.until, default=None)
