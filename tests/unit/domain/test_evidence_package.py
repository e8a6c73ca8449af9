"""A package of evidence says of itself whether anything in it was touched."""

import json
import zipfile
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.evidence_package import MANIFEST, checksum, faults, packed

FILES = {"record.json": b"[1]", "signals.json": "اختراق".encode()}
NAMES = st.from_regex(r"[a-z]{1,8}\.json", fullmatch=True)


def rewritten(data, change):
    """The archive with its files changed, as somebody would who has the archive alone."""
    source, target = zipfile.ZipFile(BytesIO(data)), BytesIO()
    files = change({name: source.read(name) for name in source.namelist()})
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=5))
def test_E88_what_was_packed_is_without_fault_and_the_same_again(files):
    package = packed(files, {"breach": "BR-1"})
    backwards = packed(dict(reversed(files.items())), {"breach": "BR-1"})
    assert (package.data, package.digest) == (backwards.data, backwards.digest)
    assert faults(package.data, package.digest) == []


def test_E88_the_manifest_has_the_checksum_of_every_file():
    archive = zipfile.ZipFile(BytesIO(packed(FILES, {"breach": "BR-1"}).data))
    manifest = json.loads(archive.read(MANIFEST))
    assert manifest["breach"] == "BR-1"
    assert {name: one["sha256"] for name, one in manifest["files"].items()} == {
        name: checksum(content) for name, content in FILES.items()
    }


def test_a_file_that_was_changed_added_or_taken_out_is_named():
    package = packed(FILES, {})
    changed = rewritten(package.data, lambda files: {**files, "record.json": b"[2]"})
    added = rewritten(package.data, lambda files: {**files, "more.json": b"{}"})
    taken = rewritten(package.data, lambda files: {k: v for k, v in files.items() if k != "record.json"})
    assert faults(changed) == ["record.json was changed"]
    assert faults(added) == ["more.json is not in the manifest"]
    assert faults(taken) == ["record.json is missing"]
    assert len(faults(changed, package.digest)) == 2


def test_a_package_whose_manifest_was_rewritten_too_differs_from_the_digest_on_the_record():
    original, forged = packed(FILES, {}), packed({**FILES, "record.json": b"[2]"}, {})
    assert faults(forged.data) == []
    assert "not" in faults(forged.data, original.digest)[0]


def test_what_is_no_package_is_said_to_be_none():
    assert faults(b"PK nothing") == ["not a package of evidence (BadZipFile)"]
    assert faults(rewritten(packed(FILES, {}).data, lambda _: {"a": b"b"})) == ["not a package of evidence (KeyError)"]
