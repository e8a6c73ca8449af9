"""Links to reports lead to one file, until they expire, and are nobody else's making."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.clocks import VirtualClock
from shared.adapters.folder import FolderObjects
from shared.errors import RefusedError
from shared.usecases.report_link import report_url, respond

NOW = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
NAME = "performance_report-2026-11-29-final-en-0123456789abcdef.pdf"
KEYS = ("old key", "new key")


@pytest.fixture
def archive(tmp_path):
    made = FolderObjects(tmp_path)
    made.create(NAME, b"%PDF-", content_type="application/pdf")
    made.create("business_report-2026-11-29-final-en-0123456789abcdef.html", b"<p>", content_type="text/html")
    return made


def path(name=NAME, until=NOW + timedelta(days=1), keys=KEYS):
    return report_url("", name, until=until, keys=keys)


def refused(where, archive, clock=NOW):
    with pytest.raises(RefusedError) as caught:
        respond(where, keys=KEYS, archive=archive, clock=VirtualClock(clock))
    return caught.value.status


def test_the_link_leads_to_its_file_which_can_reach_nothing(archive):
    body, status, headers = respond(path(), keys=KEYS, archive=archive, clock=VirtualClock(NOW))
    assert (body, status, headers["Content-Type"]) == (b"%PDF-", 200, "application/pdf")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy


def test_a_link_that_an_older_key_signed_still_leads_there(archive):
    where = path(keys=KEYS[:1])
    assert respond(where, keys=KEYS, archive=archive, clock=VirtualClock(NOW))[1] == 200


@pytest.mark.parametrize(
    "forged",
    [
        path(keys=("another",)),
        path().replace(NAME, "business_report-2026-11-29-final-en-0123456789abcdef.html"),
        path().replace("/17", "/18", 1),
        f"/{NAME}",
        "/",
        f"//{'x' * 20}/{NAME}",
    ],
)
def test_a_link_that_is_not_ours_is_refused(forged, archive):
    assert refused(forged, archive) == 401


def test_a_link_ends(archive):
    assert refused(path(), archive, NOW + timedelta(days=1)) == 410


@pytest.mark.parametrize("name", ["gone-2026-11-29-final-en-0.pdf", "secrets.json"])
def test_what_is_not_a_report_of_the_archive_is_not_there(name, archive):
    archive.create("secrets.json", b"{}", content_type="application/json")
    assert refused(path(name), archive) == 404
