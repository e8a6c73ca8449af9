"""Terraform as a program: started in infra/, its answers read as JSON, its faults told in one line each."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import ConfigurationError, PermanentError

Document = Mapping[str, Any]
LOGGED_OUT = ("could not find default credentials", "invalid_grant", "oauth2: cannot fetch token", "reauth")
TOLD = frozenset({"apply_progress", "apply_complete", "apply_errored"})
LOCK_TIMEOUT = "-lock-timeout=120s"


class TerraformError(PermanentError):
    """Terraform refused or failed; the text is its own diagnostics, each with file and line where it names one."""


@dataclass(frozen=True, slots=True)
class Terraform:
    """One root folder with its backend. `data` is where Terraform keeps what it initialised for this environment."""

    folder: Path
    data: Path
    backend: Mapping[str, str]
    say: Callable[[str], None]

    def init(self) -> None:
        """Connect to the state and install the provider."""
        backend = [f"-backend-config={key}={value}" for key, value in self.backend.items()]
        self._run("init", "-input=false", "-reconfigure", "-json", *backend)

    def plan(
        self,
        out: Path,
        *,
        files: Sequence[Path],
        is_read_only: bool = False,
        refreshes: bool = True,
        only: Sequence[str] = (),
    ) -> None:
        """Save a plan. Read-only takes no lock; without refreshing it compares with the state alone.

        `only` are the addresses that it is about, with what they need; all when left out.
        """
        lock = "-lock=false" if is_read_only else LOCK_TIMEOUT
        values = [f"-var-file={file}" for file in files] + [f"-target={address}" for address in only]
        self._run("plan", "-input=false", "-json", lock, f"-refresh={str(refreshes).lower()}", f"-out={out}", *values)

    def apply(self, plan: Path) -> None:
        """Do exactly what the saved plan says; Terraform refuses one that the state has outrun."""
        self._run("apply", "-input=false", "-json", LOCK_TIMEOUT, str(plan))

    def shown(self, plan: Path | None = None) -> Document:
        """A saved plan, or the state, as Terraform describes it."""
        command = [_program(), "show", "-json", *([str(plan)] if plan else [])]
        done = subprocess.run(  # noqa: S603 - our own words
            command, cwd=self.folder, env=self._environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise TerraformError(_plain(done.stderr or done.stdout))
        return dict(json.loads(done.stdout))

    def _run(self, *arguments: str) -> None:
        faults: list[str] = []
        with subprocess.Popen(  # noqa: S603
            [_program(), *arguments],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            for line in process.stdout or ():
                faults += self._heard(line)
        if process.returncode:
            raise _refusal(arguments[0], faults)

    def _heard(self, line: str) -> Iterator[str]:
        try:
            event = json.loads(line)
        except ValueError:
            yield line.strip()
            return
        if event.get("type") in TOLD and event["hook"].get("action") != "read":
            self.say(str(event["@message"]))
        diagnostic = event.get("diagnostic") or {}
        if diagnostic.get("severity") == "error":
            yield _told(diagnostic)

    def _environment(self) -> Mapping[str, str]:
        return {**os.environ, "TF_DATA_DIR": str(self.data), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}


def _program() -> str:
    found = shutil.which("terraform")
    if found is None:
        raise ConfigurationError("terraform is not installed, or not on PATH; version 1.9 or newer is needed")
    return found


def _refusal(command: str, faults: Sequence[str]) -> PermanentError:
    text = "; ".join(fault for fault in faults if fault) or "it said nothing"
    if any(words in text for words in LOGGED_OUT):
        return ConfigurationError("not logged in to Google Cloud: run gcloud auth application-default login")
    return TerraformError(f"terraform {command}: {text}")


def _told(diagnostic: Document) -> str:
    """One diagnostic as `infra/env/staging.tfvars:3: watcher_email: put ...`."""
    place = diagnostic.get("range") or {}
    where = f"infra/{place['filename']}:{place['start']['line']}: " if "filename" in place else ""
    # What our own validation says comes first in the detail; where the rule stands is of no use to a reader.
    detail = str(diagnostic.get("detail", "")).partition("\n\nThis was checked by")[0]
    return where + _plain(detail or str(diagnostic.get("summary", "")))


def _plain(text: str) -> str:
    return " ".join(text.split())
