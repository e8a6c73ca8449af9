"""Files of a website over real sockets: what is read, what came over the wire, and what is no answer."""

import gzip

import pytest

from shared.adapters.http_site import MOST_BYTES, HttpSite
from shared.errors import SiteError
from tests.integration.jobs.served_site import BROTLI, Site, served

SCRIPT = b"console.log('souk');" * 1_000


@pytest.fixture
def site():
    with served(Site({"/a.js": SCRIPT, "/moved": b"/a.js"}, status={"/moved": 302})) as made:
        yield made


def test_a_compressed_file_is_read_whole_and_its_bytes_on_the_wire_are_counted(site):
    found = HttpSite().fetch(f"{site.url}/a.js")
    assert (found.status, found.content_type, found.body) == (200, "text/javascript", SCRIPT)
    assert found.transferred == len(gzip.compress(SCRIPT, mtime=0)) < len(SCRIPT)


def test_brotli_is_counted_without_being_understood(site):
    site.coding = "br"
    found = HttpSite().fetch(f"{site.url}/a.js")
    assert (found.body, found.transferred) == (SCRIPT, len(BROTLI))


def test_a_server_that_does_not_compress_sends_what_is_read(site):
    site.coding = ""
    assert HttpSite().fetch(f"{site.url}/a.js").transferred == len(SCRIPT)


def test_gzip_that_comes_unasked_is_read_all_the_same(site):
    site.forced = "gzip"
    assert HttpSite().fetch(f"{site.url}/a.js").body == SCRIPT


def test_a_coding_that_cannot_be_read_and_comes_unasked_is_said(site):
    site.forced = "br"
    with pytest.raises(SiteError, match="comes as br although it was asked for plain"):
        HttpSite().fetch(f"{site.url}/a.js")


def test_a_redirect_is_followed_and_the_last_address_told(site):
    assert HttpSite().fetch(f"{site.url}/moved").url == f"{site.url}/a.js"


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_refusal_is_an_answer(site, status):
    site.status["/a.js"] = status
    found = HttpSite().fetch(f"{site.url}/a.js")
    assert (found.status, found.body) == (status, b"")


def test_a_file_that_breaks_off_is_no_answer(site):
    site.cut.add("/a.js")
    with pytest.raises(SiteError, match="gives no answer"):
        HttpSite().fetch(f"{site.url}/a.js")


def test_a_file_beyond_all_measure_is_not_read_to_its_end(site):
    site.files["/a.js"] = b"x" * (MOST_BYTES + 1)
    with pytest.raises(SiteError, match="is larger than"):
        HttpSite().fetch(f"{site.url}/a.js")


def test_a_small_answer_that_unpacks_beyond_all_measure_is_refused(site):
    site.files["/a.js"] = b"x" * (MOST_BYTES + 1)
    site.forced = "gzip"
    with pytest.raises(SiteError, match="is larger than"):
        HttpSite().fetch(f"{site.url}/a.js")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://souk.example/a.js", "souk.example"])
def test_only_addresses_of_websites_are_fetched(url):
    with pytest.raises(SiteError, match="is no address of a website"):
        HttpSite().fetch(url)


def test_a_server_that_is_not_there_is_said():
    with pytest.raises(SiteError, match="gives no answer"):
        HttpSite().fetch("http://127.0.0.1:9/")
