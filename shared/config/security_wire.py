"""The shape of security.yaml."""

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from shared.config.wire import Duration, Strict, Text

_REPOSITORY = r"^([A-Za-z0-9](-?[A-Za-z0-9])*/[A-Za-z0-9._-]+)?$"
_PATH = r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$"
_BRANCH = r"^[A-Za-z0-9][A-Za-z0-9._/-]*$"
_ROLE = r"^(roles|projects|organizations)/[A-Za-z0-9._/{}*-]+$"
_MEMBER = (
    r"^(user|group|domain|serviceAccount|principal|principalSet|deleted|projectOwner|projectEditor|projectViewer):.+$"
)
_HASH = r"^[0-9a-f]{64}$"

HOW_TO_WRITE = {
    _REPOSITORY: 'a repository such as souk-el-sayarat/monitoring, or "" for none',
    _PATH: "a path inside the repository such as web/package-lock.json",
    _BRANCH: "a branch such as main",
    _ROLE: "a role such as roles/viewer or projects/{project}/roles/soukmon_review",
    _MEMBER: "a member as IAM writes it such as group:platform@example.org",
    _HASH: "the SHA-256 of the rules' source, 64 hexadecimal digits in quotes",
}

Repository = Annotated[str, Meta(pattern=_REPOSITORY, description=HOW_TO_WRITE[_REPOSITORY])]
Path = Annotated[str, Meta(pattern=_PATH, description=HOW_TO_WRITE[_PATH])]
Branch = Annotated[str, Meta(pattern=_BRANCH, description=HOW_TO_WRITE[_BRANCH])]
Role = Annotated[str, Meta(pattern=_ROLE, description=HOW_TO_WRITE[_ROLE])]
Member = Annotated[str, Meta(pattern=_MEMBER, description=HOW_TO_WRITE[_MEMBER])]
Hash = Annotated[str, Meta(pattern=_HASH, description=HOW_TO_WRITE[_HASH])]


class AccessWire(Strict):
    """Who may have access and what is public, beside our own functions."""

    members: dict[Member, tuple[Role, ...]] = field(default_factory=dict)
    public_buckets: tuple[Text, ...] = ()
    public_services: tuple[Text, ...] = ()
    keys_for: Duration = "90d"


class BorneWire(Strict):
    """A vulnerability that is borne, why and until when."""

    because: Text
    until: date


class WebLockWire(Strict):
    """The package-lock.json of the web application."""

    repository: Repository
    path: Path = "package-lock.json"


class VulnerabilitiesWire(Strict):
    """How old an answer may be, which vulnerabilities are borne, and the lock file of the web application."""

    fresh_for: Duration = "3d"
    ignored: dict[Text, BorneWire] = field(default_factory=dict)
    web_lock: WebLockWire | None = None


class UpdatesWire(Strict):
    """Where updates are proposed, and how long a release is left to ripen."""

    repository: Repository = ""
    branch: Branch = "main"
    lock: Path = "requirements.txt"
    cool_down: Duration = "7d"


class SecurityFile(Strict):
    """security.yaml: who has access, what vulnerabilities are borne, which rules are in force, how updates come."""

    access: AccessWire = field(default_factory=AccessWire)
    vulnerabilities: VulnerabilitiesWire = field(default_factory=VulnerabilitiesWire)
    rules: dict[Text, Hash] = field(default_factory=dict)
    updates: UpdatesWire = field(default_factory=UpdatesWire)
