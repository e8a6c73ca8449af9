"""`python -m infra.tools.secret_scan`: no key, token or password stands in the tree; exit 1 where one does.

Shapes are those the providers publish. A sample that only looks like one is allowed by its file and by how it begins,
so that a real one beside it is still found. What is found is never printed.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.tools.sources import ROOT

SHAPES: Mapping[str, str] = {
    "Slack token": r"\bxox[abeoprs]-(?:\d-)?[0-9]{8,}-[\w-]{6,}|\bxapp-\d-[\w-]{20,}",
    "Slack webhook": r"hooks\.slack\.com/(?:services|workflows)/T\w{8,}/\w{8,}/\w{16,}",
    "Twilio account, key or token": r"\b(?:AC|SK)[0-9a-f]{32}\b",
    "Twilio or Slack secret in hexadecimal": r"(?i)(?:auth_token|signing_secret)\W{1,6}[0-9a-f]{32}\b",
    "Google API key": r"\bAIza[\w-]{35}\b",
    "Google OAuth secret or token": r"\bGOCSPX-[\w-]{20,}|\bya29\.[\w.-]{20,}|\b1//0[\w-]{40,}",
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*(?:\\n)?[A-Za-z0-9+/=]{16}",
    "AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "GitHub token": r"\bgh[oprsu]_[A-Za-z0-9]{36}|\bgithub_pat_\w{50,}",
    "PyPI token": r"\bpypi-AgEI[\w-]{50,}",
    "SendGrid key": r"\bSG\.[\w-]{16,}\.[\w-]{16,}",
    "signed JSON web token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
    "password in an address": r"\b[a-z][a-z0-9+.-]{2,}://[^\s/:@'\"{}$]+:[^\s/:@'\"{}$]{6,}@[\w.-]+\.\w",
}
# The tests of redaction show what a token looks like.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "tests/unit/domain/test_redaction.py": ("xoxb-123456789012-", "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0."),
    "tests/unit/doctor/test_running.py": ("xoxb-1234567890-",),
    "tests/e2e/test_requests.py": ("xoxb-1234567890-",),
}


@dataclass(frozen=True, slots=True)
class Leak:
    """What looks like a secret, and where; `text` is it."""

    file: str
    line: int
    shape: str
    text: str


def leaks(file: str, text: str) -> Iterator[Leak]:
    """Whatever in the text of a file has the shape of a secret and is no allowed sample."""
    for shape, pattern in SHAPES.items():
        for found in re.finditer(pattern, text):
            if not found[0].startswith(ALLOWED.get(file, ())):
                yield Leak(file, text.count("\n", 0, found.start()) + 1, shape, found[0])


def tracked(root: Path = ROOT) -> list[str]:
    """The files that are, or would be, committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True)  # noqa: S603 - nothing from outside
    return [name for name in listed.stdout.decode().split("\0") if name and (root / name).is_file()]


def scan(names: Iterable[str], root: Path = ROOT) -> list[Leak]:
    """The leaks in these files."""
    return [leak for name in names for leak in leaks(name, (root / name).read_text("utf-8", "replace"))]


if __name__ == "__main__":
    for leak in (every := scan(tracked())):
        sys.stderr.write(f"{leak.file}:{leak.line}: looks like a {leak.shape}; revoke it, then take it out\n")
    sys.exit(bool(every))
