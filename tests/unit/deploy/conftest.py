"""A small tree, a folder for the releases, and a Terraform that says what it is told to say."""

import json
import os
from dataclasses import dataclass, field

import pytest

from infra.tools.deploy.environments import Environment
from infra.tools.deploy.installation import Installation
from infra.tools.deploy.releases import Releases
from infra.tools.deploy.terraform import Terraform
from shared.adapters.folder import FolderObjects

# Notes how it is called, says what its folder holds, and writes the plan it is asked for.
TERRAFORM = """#!/bin/sh
echo "$*" >> "$FAKE/calls"
case "$1 $#" in
  "show 3") cat "$FAKE/plan.json" ;;
  "show 2") cat "$FAKE/state.json" ;;
  plan*) for word; do case $word in -out=*) date +%N > "${word#-out=}" ;; esac; done ;;
esac
test -f "$FAKE/$1.says" && cat "$FAKE/$1.says" && exit 1
exit 0
"""
MAIN = "def {name}(request):\n    return '{name}'\n"


@dataclass
class Bench:
    """The installation, and what its Terraform answers."""

    here: Installation
    fake: object
    said: list = field(default_factory=list)

    def answers(self, *, plan=(), drift=(), state=None):
        """What a plan would do, what was found changed, and which package each function runs."""
        document = {"resource_changes": list(plan), "resource_drift": list(drift)}
        (self.fake / "plan.json").write_text(json.dumps(document))
        runs = [function(name, sha) for name, sha in (state or {}).items()]
        modules = [{"resources": [{"type": "google_cloudfunctions2_function", "values": one}]} for one in runs]
        (self.fake / "state.json").write_text(json.dumps({"values": {"root_module": {"child_modules": modules}}}))

    def fails(self, command, *diagnostics):
        lines = [json.dumps({"type": "diagnostic", "diagnostic": {"severity": "error", **one}}) for one in diagnostics]
        (self.fake / f"{command}.says").write_text("\n".join(lines))

    def works(self, command):
        (self.fake / f"{command}.says").unlink()

    @property
    def calls(self):
        file = self.fake / "calls"
        return [line.split()[0] for line in file.read_text().splitlines()] if file.exists() else []


def function(name, sha, **more):
    """A function's values in a plan or a state."""
    source = [{"storage_source": [{"bucket": "b", "object": f"{name}/{sha}.zip"}]}]
    return {"name": name, "build_config": [{"runtime": "python312", "source": source}], **more}


def change(address, *actions, kind="", before=None, after=None, unknown=None):
    """One entry of resource_changes or resource_drift."""
    return {
        "address": address, "mode": "managed", "type": kind or address.rpartition("module.")[2].split("].")[-1].split(".")[0],
        "change": {"actions": list(actions), "before": before, "after": after, "after_unknown": unknown or {}},
    }  # fmt: skip


@pytest.fixture
def bench(tmp_path, monkeypatch, clock):
    fake, program = tmp_path / "fake", tmp_path / "bin" / "terraform"
    for folder in (fake, program.parent, tmp_path / "tree/infra", tmp_path / "tree/build"):
        folder.mkdir(parents=True)
    program.write_text(TERRAFORM)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("FAKE", str(fake))
    root, said = tmp_path / "tree", []
    for name in ("ring", "watch"):
        write(root / "functions" / name / "main.py", MAIN.format(name=name))
    write(root / "shared/__init__.py", "")
    values = write(root / "infra/env/staging.tfvars", 'project = "souk-test-1"\n')
    environment = Environment("staging", "souk-test-1", values)
    terraform = Terraform(root / "infra", tmp_path / "data", {"bucket": environment.state_bucket}, said.append)
    releases = Releases(FolderObjects(tmp_path / "releases"))
    made = Bench(Installation(root, root / "build", environment, terraform, releases, clock, said.append), fake, said)
    made.answers()
    return made


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
