"""The published description of the google provider (npm @cdktf/provider-google), fetched once and kept outside the tree."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

from tests.infra.offline_provider import schema

PACKAGE = "@cdktf/provider-google@16.12.1"
PROVIDER_VERSION = "6.50.0"  # the provider that this package describes
SHA512 = (
    "2aa340ff9462153d3baf43d267aff4edc276cc449481b8f525c8558f6d620450"
    "595546c3fb9efcc40fe4f1eabfaf471bc8480b9a0f5e616795b256986a1e0309"
)
FILE = "cdktf-provider-google-16.12.1.tgz"
MEMBER = re.compile(r"package/lib/([\w-]+)/index\.(js|d\.ts)$")


class UnavailableError(Exception):
    """The package cannot be had here; says why."""


def cache() -> Path:
    """Where fetched and derived files are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "soukmon" / "provider-google"


def schemas(types: Iterable[str]) -> Path:
    """A JSON file with the schemas of the provider, and of these resource ("google_x") and data ("data.google_x") types."""
    wanted = sorted(types)
    key = hashlib.sha256("\n".join([SHA512, Path(schema.__file__).read_text(), *wanted]).encode()).hexdigest()[:16]
    target = cache() / f"schemas-{key}.json"
    if not target.is_file():
        found = schema.of(_sources(_archive(), wanted))
        _write(target, json.dumps(found | {"version": PROVIDER_VERSION}, sort_keys=True).encode())
    return target


def _archive() -> Path:
    kept = cache() / FILE
    if not kept.is_file():
        _fetch(kept)
    if hashlib.sha512(kept.read_bytes()).hexdigest() != SHA512:
        kept.unlink()
        raise ValueError(f"{PACKAGE} is not the file it was")  # a reason to stop and look, never one to skip
    return kept


def _fetch(target: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise UnavailableError("npm is not installed")
    folder = target.parent / f"fetching-{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    try:
        if done.returncode:
            raise UnavailableError(f"npm cannot fetch {PACKAGE}: {done.stderr.strip()[-200:]}")
        (folder / FILE).replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sources(archive: Path, wanted: Iterable[str]) -> schema.Sources:
    folders = {_folder(name): name for name in wanted} | {"provider": "provider"}
    found: dict[str, dict[str, str]] = {}
    with tarfile.open(archive) as opened:
        for member in opened:
            match = MEMBER.match(member.name)
            if match and match[1] in folders:
                text = opened.extractfile(member).read().decode()
                found.setdefault(folders[match[1]], {})[match[2]] = text
    return {name: (texts["js"], texts["d.ts"]) for name, texts in found.items()}


def _folder(name: str) -> str:
    prefix = "data-google-" if name.startswith("data.") else ""
    return prefix + name.removeprefix("data.").removeprefix("google_").replace("_", "-")


def _write(target: Path, data: bytes) -> None:
    """Whole or not at all: two test processes may want the same file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(f".{os.getpid()}")
    half.write_bytes(data)
    half.replace(target)
