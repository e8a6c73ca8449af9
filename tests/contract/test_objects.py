"""What every object store must do; Cloud Storage is spoken to through fake-gcs-server, with Google's own client."""

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from shared.adapters.cloud_storage import CloudStorageObjects
from shared.adapters.folder import FolderObjects

BUCKET = "soukmon-objects"


@pytest.fixture(params=["folder", "cloud storage"])
def objects(request, tmp_path):
    if request.param == "folder":
        return FolderObjects(tmp_path / "objects")
    request.getfixturevalue("storage_host")
    return CloudStorageObjects(BUCKET, _client)


def _client():
    client = storage.Client(project="souk-local", credentials=AnonymousCredentials())
    if not client.bucket(BUCKET).exists():
        client.create_bucket(BUCKET)
    return client


class TestObjects:
    def test_an_object_is_read_back(self, objects, request):
        name = f"{request.node.name}/b.bin"
        assert objects.create(name, b"\x00\xff", content_type="application/octet-stream")
        assert objects.read(name) == b"\x00\xff"
        assert objects.read(f"{name}.other") is None

    def test_an_object_is_never_overwritten(self, objects):
        assert objects.create("a", b"first", content_type="text/plain")
        assert not objects.create("a", b"second", content_type="text/plain")
        assert objects.read("a") == b"first"

    @pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "a/../../evil"])
    def test_a_name_cannot_leave_the_store(self, objects, name):
        with pytest.raises(ValueError, match="not inside"):
            objects.create(name, b"x", content_type="text/plain")

    def test_names_are_listed_by_what_they_begin_with_in_order(self, objects, request):
        folder = f"{request.node.name}/x"
        assert objects.names(f"{folder}/") == []
        for name in ("b/2", "a", "b/1", "bc"):
            objects.create(f"{folder}/{name}", b"x", content_type="text/plain")
        assert objects.names(f"{folder}/b") == [f"{folder}/b/1", f"{folder}/b/2", f"{folder}/bc"]
        assert objects.names(f"{folder}/b/") == [f"{folder}/b/1", f"{folder}/b/2"]

    @pytest.mark.parametrize("prefix", ["../", "/etc/"])
    def test_nothing_outside_the_store_is_listed(self, objects, prefix):
        with pytest.raises(ValueError, match="not inside"):
            objects.names(prefix)
