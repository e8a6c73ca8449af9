"""The tree that is deployed: its files as they were when it was planned, and the commit they belong to."""

import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from shared.errors import ConfigurationError

# Whatever decides what is deployed: what packages are made of, and what Terraform reads.
PATTERNS = (
    "functions/**/*",
    "shared/**/*",
    "requirements.txt",
    "infra/*.tf",
    "infra/*.json",
    "infra/.terraform.lock.hcl",
    "infra/modules/**/*",
)
GENERATED = frozenset({"__pycache__", ".terraform"})


def files(root: Path, environment: str) -> Mapping[str, str]:
    """Each file that matters and the SHA-256 of its content."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(_matching(root, environment))
    }


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The files that were changed, added or removed."""
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def commit_of(root: Path) -> str:
    """The commit that is checked out, with a "+" when files differ from it; raises ConfigurationError without git."""
    try:
        head = _git(root, "rev-parse", "HEAD")
        is_changed = bool(_git(root, "status", "--porcelain"))
    except (OSError, subprocess.CalledProcessError) as error:
        raise ConfigurationError("the tree is no git checkout; say which commit it is with --commit") from error
    return f"{head}+" if is_changed else head


def _matching(root: Path, environment: str) -> Iterator[Path]:
    for pattern in (*PATTERNS, f"infra/env/{environment}.tfvars"):
        for path in root.glob(pattern):
            if path.is_file() and GENERATED.isdisjoint(path.parts):
                yield path


def _git(root: Path, *words: str) -> str:
    command = ["git", "-C", str(root), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - our own words
