"""A package of evidence: files and a manifest with their checksums, in an archive that only its files decide."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

MANIFEST = "MANIFEST.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time an archive can hold: no file's own time may change the package
MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Package:
    """The archive and the digest that goes on the record."""

    data: bytes
    digest: str


def packed(files: Mapping[str, bytes], about: Mapping[str, str]) -> Package:
    """The files, the manifest with the SHA-256 of each, and what the package is about."""
    listed = {name: {"sha256": checksum(files[name]), "bytes": len(files[name])} for name in sorted(files)}
    manifest = json.dumps({**about, "files": listed}, indent=1, sort_keys=True, ensure_ascii=False).encode()
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(_entry(name), files[name])
        archive.writestr(_entry(MANIFEST), manifest)
    data = target.getvalue()
    return Package(data, checksum(data))


def faults(data: bytes, digest: str = "") -> list[str]:
    """What is not as it was packed, file by file; [] when everything is. `digest` is the one on the record."""
    found = [f"the package's digest is {checksum(data)}, not {digest}"] if digest and checksum(data) != digest else []
    try:
        return [*found, *_faults(data)]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        return [*found, f"not a package of evidence ({type(error).__name__})"]


def checksum(data: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return sha256(data).hexdigest()


def _faults(data: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            return ["larger than any package of ours"]
        listed = json.loads(archive.read(MANIFEST))["files"]
        there = [name for name in archive.namelist() if name != MANIFEST]
        said = [f"{name} is not in the manifest" for name in there if name not in listed]
        said += [f"{name} is there twice" for name in sorted(set(there)) if there.count(name) > 1]
        for name, expected in listed.items():
            if name not in there:
                said.append(f"{name} is missing")
            elif checksum(archive.read(name)) != expected["sha256"]:
                said.append(f"{name} was changed")
        return said


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = 0o600 << 16
    entry.create_system = 3
    return entry
