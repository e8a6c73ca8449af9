"""A build as cloudbuild.yaml says it: its steps, and the substitutions that a text uses."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from infra.tools.sources import ROOT

FILE = ROOT / "cloudbuild.yaml"
AT_ONCE = "-"  # in waitFor: waits for nothing
# What Cloud Build fills in by itself.
BUILT_IN = frozenset({
    "BRANCH_NAME", "BUILD_ID", "COMMIT_SHA", "LOCATION", "PROJECT_ID", "PROJECT_NUMBER", "REF_NAME", "REPO_FULL_NAME",
    "REPO_NAME", "REVISION_ID", "SERVICE_ACCOUNT", "SERVICE_ACCOUNT_EMAIL", "SHORT_SHA", "TAG_NAME",
    "TRIGGER_BUILD_CONFIG_PATH", "TRIGGER_NAME", "_BASE_BRANCH", "_HEAD_BRANCH", "_HEAD_REPO_URL", "_PR_NUMBER",
})  # fmt: skip
_USED = re.compile(r"\$\$|\$\{([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)")

Step = Mapping[str, Any]
Build = Mapping[str, Any]


def read(file: Path = FILE) -> Build:
    """The file as it stands."""
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def name_of(step: Step, number: int) -> str:
    """How people speak of it."""
    return str(step.get("id") or f"number {number + 1}")


def waits_for(steps: Sequence[Step], number: int) -> list[str]:
    """The ids a step waits for: of all steps before it when it says nothing."""
    if "waitFor" in steps[number]:
        return [str(one) for one in steps[number]["waitFor"] if one != AT_ONCE]
    return [name_of(step, before) for before, step in enumerate(steps[:number])]


def used(text: str) -> Iterator[str]:
    """The names of the substitutions (or variables) in a text; $$X is a plain $X."""
    for found in _USED.finditer(text):
        if name := found[1] or found[2]:
            yield name


def texts(value: object) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
