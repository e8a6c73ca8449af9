"""Terraform in a copy of the tree, with the stand-in provider: nothing is written into the tree and nothing is reached."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infra.offline_provider import bindings

ROOT = Path(__file__).resolve().parents[2]
BOOTSTRAP = "infra/bootstrap"
COPIED = ("infra/*.tf", "infra/*.json", "infra/modules", "infra/env", "infra/tests", "infra/bootstrap")
READ = (
    "shared/config/backups.yaml",
    "shared/config/reports.yaml",
    "functions/*/function.yaml",
    "shared/adapters/bigquery/views",
    "shared/adapters/bigquery/tables",
    "shared/adapters/bigquery/layout.json",
)
OFFLINE = 'terraform {\n  backend "local" {}\n}\n'  # an override file takes the place of the backend in the cloud
TYPE = re.compile(r'^\s*(resource|data)\s+"(google_\w+)"', re.MULTILINE)
SHA = "0123456789abcdef" * 4
SAMPLES = {
    "REPLACE-ME-staging-project": "souk-staging-1",
    "REPLACE-ME-production-project": "souk-live-1",
    "REPLACE-ME-": "",
}


@dataclass(frozen=True, slots=True)
class Done:
    """A finished command."""

    code: int
    output: str


@dataclass(frozen=True, slots=True)
class Workbench:
    """One copy of the tree, and how terraform is called in it."""

    root: Path
    environment: Mapping[str, str]

    def run(self, *arguments: str, folder: str = "infra") -> Done:
        """Terraform with these arguments."""
        command = ["terraform", *arguments, "-no-color"]
        done = subprocess.run(
            command,
            cwd=self.root / folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        return Done(done.returncode, done.stdout + done.stderr)

    def must(self, *arguments: str, folder: str = "infra") -> str:
        """The output; it has to work."""
        done = self.run(*arguments, folder=folder)
        assert done.code == 0, done.output
        return done.output

    def planned(self, *arguments: str, folder: str = "infra") -> list[dict[str, Any]]:
        """Every resource as it would be, the cloud's own values foreseen."""
        seer = Workbench(self.root, {**self.environment, "OFFLINE_FORESEES": "1"})
        seer.must("plan", *arguments, "-out=foreseen.plan", folder=folder)
        shown = json.loads(seer.must("show", "-json", "foreseen.plan", folder=folder))
        return list(_resources(shown["planned_values"]["root_module"]))

    def state(self, folder: str = "infra") -> list[dict[str, Any]]:
        """Every resource that was applied."""
        shown = json.loads(self.must("show", "-json", folder=folder))
        return list(_resources(shown["values"]["root_module"]))


def copy_of_the_tree(target: Path) -> Path:
    """What Terraform reads of the tree."""
    for pattern in (*COPIED, *READ):
        for source in ROOT.glob(pattern):
            copied = target / source.relative_to(ROOT)
            copied.parent.mkdir(parents=True, exist_ok=True)
            ignored = shutil.ignore_patterns(".terraform*", "*.tfstate*", "__pycache__")
            shutil.copytree(source, copied, ignore=ignored) if source.is_dir() else shutil.copy(source, copied)
    (target / "infra" / "backend_override.tf").write_text(OFFLINE)
    _fill_in(target)
    return target


def workbench(target: Path, *, schemas: Path, mirror: Path) -> Workbench:
    """A copy with a provider beside it."""
    settings = mirror / "terraform.rc"
    given = {
        "TF_CLI_CONFIG_FILE": str(settings),
        "TF_DISABLE_PLUGIN_TLS": "1",
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        "OFFLINE_SCHEMAS": str(schemas),
    }
    return Workbench(copy_of_the_tree(target), {**os.environ, **given})


def make_mirror(folder: Path) -> Path:
    """A provider mirror in which hashicorp/google is our stand-in."""
    system = f"{sys.platform.rstrip('2')}_{'arm64' if os.uname().machine in {'arm64', 'aarch64'} else 'amd64'}"
    place = folder / "registry.terraform.io/hashicorp/google" / bindings.PROVIDER_VERSION / system
    place.mkdir(parents=True)
    program = place / f"terraform-provider-google_v{bindings.PROVIDER_VERSION}_x5"
    start = (
        f'cd "{ROOT}" && PYTHONPATH="{ROOT}" exec "{sys.executable}" -m tests.infra.offline_provider "$OFFLINE_SCHEMAS"'
    )
    program.write_text(f"#!/bin/sh\n{start}\n")
    program.chmod(0o755)
    (folder / "terraform.rc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path    = "{folder}"\n    include = ["hashicorp/google"]\n  }}\n}}\n'
    )
    return folder


def used_types(root: Path = ROOT) -> list[str]:
    """The resource and data types that any .tf file names."""
    found = set()
    for file in (root / "infra").rglob("*.tf"):
        for kind, name in TYPE.findall(file.read_text()):
            found.add(f"data.{name}" if kind == "data" else name)
    return sorted(found)


def _fill_in(root: Path) -> None:
    """The environments with something in place of the placeholders, and a release of every function."""
    for file in (root / "infra" / "env").glob("*.tfvars"):
        text = file.read_text()
        for placeholder, sample in SAMPLES.items():
            text = text.replace(placeholder, sample)
        file.with_name(f"{file.stem}.filled.tfvars").write_text(text)
    functions = sorted(path.parent.name for path in root.glob("functions/*/function.yaml"))
    release = {"release": dict.fromkeys(functions, SHA)}
    (root / "infra" / "release.tfvars.json").write_text(json.dumps(release))


def variables(environment: str) -> tuple[str, ...]:
    """The arguments that choose an environment."""
    return ("-input=false", f"-var-file=env/{environment}.filled.tfvars", "-var-file=release.tfvars.json")


def _resources(module: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from _resources(child)
