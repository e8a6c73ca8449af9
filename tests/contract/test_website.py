"""What every public website must do; Cloud Storage is spoken to through fake-gcs-server, with Google's own client."""

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from shared.adapters.cloud_storage_website import CACHED, CloudStorageWebsite
from shared.adapters.folder import FolderWebsite

BUCKET = "soukmon-status"
HTML = "text/html; charset=utf-8"


@pytest.fixture(params=["folder", "cloud storage"])
def website(request, tmp_path):
    if request.param == "folder":
        return FolderWebsite(tmp_path / "site")
    request.getfixturevalue("storage_host")
    return CloudStorageWebsite(BUCKET, _client)


def _client():
    client = storage.Client(project="souk-local", credentials=AnonymousCredentials())
    if not client.bucket(BUCKET).exists():
        client.create_bucket(BUCKET)
    return client


class TestWebsite:
    def test_a_file_is_read_back_and_another_is_not_there(self, website):
        website.put("ar/index.html", "حالة".encode(), content_type=HTML)
        assert website.read("ar/index.html") == "حالة".encode()
        assert website.read("ar/other.html") is None

    def test_a_later_file_takes_the_place_of_the_one_before(self, website):
        website.put("index.html", b"first", content_type=HTML)
        website.put("index.html", b"second", content_type=HTML)
        assert website.read("index.html") == b"second"

    def test_a_file_that_is_removed_is_gone_and_may_be_removed_again(self, website):
        website.put("old.html", b"x", content_type=HTML)
        website.remove("old.html")
        website.remove("old.html")
        assert website.read("old.html") is None

    @pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "a/../../evil"])
    def test_a_name_cannot_leave_the_site(self, website, name):
        with pytest.raises(ValueError, match="not inside"):
            website.put(name, b"x", content_type=HTML)
        with pytest.raises(ValueError, match="not inside"):
            website.remove(name)


def test_a_bucket_s_files_have_their_type_and_are_cached_for_half_a_minute(storage_host):
    CloudStorageWebsite(BUCKET, _client).put("typed.html", b"x", content_type=HTML)
    blob = _client().bucket(BUCKET).get_blob("typed.html")
    assert (blob.content_type, blob.cache_control) == (HTML, CACHED)
