"""What the security scan and the updates of packages need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.domain.access_review import Binding, Bucket, Key, Service
from shared.domain.advisories import Advisory
from shared.domain.pinned import Lock, Pin
from shared.domain.updates import Details, Offered


class Advisories(Protocol):
    """What is known of vulnerabilities. OSV (osv.dev)."""

    def search(self, pins: Sequence[Pin]) -> Mapping[Pin, Mapping[str, str]]:
        """For each pin the ids of what is known of it, each with the stamp of its state. Raises SourceError."""

    def read(self, id: str) -> Advisory:  # noqa: A002 - the field's word
        """One of them in full. Raises SourceError."""


class DeployedLocks(Protocol):
    """What is installed where our functions run."""

    def locks(self) -> Sequence[Lock]:
        """Every lock file of it. Raises SourceError."""


class AccessReview(Protocol):
    """Who has access to the project and what is public in it. Google's APIs in production, the sandbox's embedded."""

    def bindings(self) -> Sequence[Binding]:
        """The roles on the project. Raises SourceError, as all of them."""

    def buckets(self) -> Sequence[Bucket]:
        """Its buckets, with what everybody may do in them."""

    def services(self) -> Sequence[Service]:
        """Its services, with whether everybody may call them."""

    def keys(self) -> Sequence[Key]:
        """The keys of its service accounts that people keep."""


class SecurityRules(Protocol):
    """The security rules of Firestore and Cloud Storage that are in force."""

    def deployed(self) -> Mapping[str, str]:
        """The source of each, by what it is for ("cloud.firestore"). Raises SourceError."""


class PackageIndex(Protocol):
    """What versions of packages there are. PyPI."""

    def offered(self, name: str) -> Sequence[Offered]:
        """Every version of a project; none for one that is gone. Raises SourceError."""

    def details(self, name: str, version: str) -> Details:
        """What one version requires, and where its changes are written down. Raises SourceError."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change of one file, as it is proposed: `name` is one and the same for the same content."""

    name: str
    path: str
    content: str
    title: str
    body: str


class Repository(Protocol):
    """Where changes are proposed, and never merged by us. GitHub."""

    def read(self, path: str) -> str:
        """A file of the default branch. Raises SourceError."""

    def propose(self, proposed: Proposed) -> str:
        """Open it, or find it opened already; the address where it is judged. Raises SourceError."""

    def checks(self, proposed: str) -> str:
        """What its checks came to: "passed", "failed" or "pending". Raises SourceError."""

    def tell(self, proposed: str, result: str) -> None:
        """Write the result of its checks beside it, once. Raises SourceError."""
