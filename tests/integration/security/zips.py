"""Releases in a bucket: packages with a lock file each, and their records."""

import hashlib
import json
from io import BytesIO
from zipfile import ZipFile


def package(requirements):
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("requirements.txt", requirements)
    return buffer.getvalue()


def released(objects, number, functions, *, restores=0):
    """Record a release; a function without requirements has no package in the bucket."""
    names = {}
    for name, requirements in functions.items():
        content = package(requirements or "")
        names[name] = hashlib.sha256(content).hexdigest() if requirements is not None else "0" * 64
        if requirements is not None:
            objects.create(f"{name}/{names[name]}.zip", content, content_type="application/zip")
    record = {
        "number": number, "functions": names, "commit": "abc", "when": "2026-03-01T00:00:00Z", "who": "mona",
        "restores": restores,
    }  # fmt: skip
    objects.create(f"releases/{number}.json", json.dumps(record).encode(), content_type="application/json")
    return names
