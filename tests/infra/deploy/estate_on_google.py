"""A whole tree of its own, deployed by the command itself: Terraform is real, the provider and Cloud Storage stand in."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from tests.infra import workbench

PROJECT = workbench.SAMPLES["REPLACE-ME-staging-project"]
BUCKETS = (f"{PROJECT}-soukmon-state", f"{PROJECT}-soukmon-releases")
COPIED = ("functions", "shared", "infra")
FILES = ("requirements.txt", "pyproject.toml")
SOUKMON = "from shared.cli.main import main; main()"


@dataclass(frozen=True)
class Deployable:
    """The tree, and the command run in it."""

    root: Path
    environment: dict

    def soukmon(self, *words, **more):
        """(exit code, stdout, stderr) of `soukmon deploy ... --env staging`."""
        command = [sys.executable, "-c", SOUKMON, "deploy", words[0], "--env", "staging", *words[1:]]
        done = subprocess.run(
            command, cwd=self.root, env={**self.environment, **more}, capture_output=True, text=True, check=False, timeout=300
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def must(self, *words, **more):
        code, out, err = self.soukmon(*words, **more)
        assert code == 0, out + err
        return out

    def change(self, path, old, new):
        """Edit a file; the change is undone by calling what is returned."""
        file = self.root / path
        before = file.read_text()
        assert old in before
        file.write_text(before.replace(old, new, 1))
        return lambda: file.write_text(before)

    def read(self, name):
        """An object of the releases bucket."""
        return client().bucket(BUCKETS[1]).blob(name).download_as_bytes()

    def objects(self, bucket):
        return {blob.name for blob in client().list_blobs(bucket)}


def client():
    return storage.Client(project=PROJECT, credentials=AnonymousCredentials())


def deployable(target, *, schemas, mirror):
    """A copy whose staging is filled in; buckets as infra/bootstrap makes them."""
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__", ".terraform*", "*.tfstate*", "pictures", "local")
        shutil.copytree(workbench.ROOT / name, target / name, ignore=ignored)
    for name in FILES:
        shutil.copy(workbench.ROOT / name, target / name)
    fill_in(target / "infra/env/staging.tfvars")
    for name in BUCKETS:
        client().create_bucket(name)
    given = {
        "TF_CLI_CONFIG_FILE": str(mirror / "terraform.rc"),
        "TF_DISABLE_PLUGIN_TLS": "1",
        "OFFLINE_SCHEMAS": str(schemas),
        "GOOGLE_OAUTH_ACCESS_TOKEN": "none",
        "PYTHONPATH": str(target),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return Deployable(target, {**os.environ, **given})


def fill_in(file):
    text = file.read_text()
    for placeholder, sample in workbench.SAMPLES.items():
        text = text.replace(placeholder, sample)
    file.write_text(text)
