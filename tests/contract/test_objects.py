"""What every object store must do."""

import pytest

from shared.adapters.folder import FolderObjects


@pytest.fixture(params=["folder"])
def objects(request, tmp_path):
    return FolderObjects(tmp_path / "objects")


class TestObjects:
    def test_an_object_is_read_back(self, objects):
        assert objects.create("a/b.bin", b"\x00\xff", content_type="application/octet-stream")
        assert objects.read("a/b.bin") == b"\x00\xff"
        assert objects.read("a/c.bin") is None

    def test_an_object_is_never_overwritten(self, objects):
        objects.create("a", b"first", content_type="text/plain")
        assert not objects.create("a", b"second", content_type="text/plain")
        assert objects.read("a") == b"first"

    def test_a_name_cannot_leave_the_store(self, objects):
        with pytest.raises(ValueError, match="not inside"):
            objects.create("../../evil", b"x", content_type="text/plain")
