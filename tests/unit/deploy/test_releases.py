"""Releases: numbered without a gap, never changed, and each knows where the way back leads."""

from datetime import UTC, datetime

import pytest

from infra.tools.deploy import environments
from infra.tools.deploy.releases import Releases
from shared.adapters.folder import FolderObjects
from shared.errors import ConfigurationError
from shared.usecases.releases import Release

AT = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)


def release(number, *, restores=0):
    return Release(number, {"ring": f"{number:064}"}, f"commit{number}", AT, "mona", restores)


@pytest.fixture
def releases(tmp_path):
    return Releases(FolderObjects(tmp_path))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7, 8, 9, 31])
def test_the_last_one_is_found_however_many_there_are(releases, count):
    for number in range(1, count + 1):
        releases.record(release(number))
    last = releases.last()
    assert (last.number if last else 0) == count


def test_a_record_is_read_back_as_it_was(releases):
    assert releases.record(release(1)) == releases.get(1) == release(1)


def test_two_who_record_at_once_get_two_numbers(releases):
    releases.record(release(1))
    assert releases.record(release(1)).number == 2
    assert releases.get(1) == release(1)


def test_the_way_back_leads_past_what_was_brought_back_already(releases):
    for number in (1, 2, 3):
        releases.record(release(number))
    assert releases.before(release(3)) == release(2)
    assert releases.before(releases.record(release(4, restores=2))) == release(1)
    assert releases.before(release(1)) is None


def test_a_package_is_uploaded_once(releases, tmp_path):
    zipped = tmp_path / "abc.zip"
    zipped.write_bytes(b"zip")
    assert not releases.has_package("ring", "abc")
    assert releases.upload("ring", zipped)
    assert not releases.upload("ring", zipped)
    assert releases.package("ring", "abc") == b"zip"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "infra/env/staging.tfvars: missing"),
        ('# REPLACE-ME in a comment\nproject = "REPLACE-ME-x"\nb = "REPLACE-ME"\n', "infra/env/staging.tfvars:2: put a value of your own in place of REPLACE-ME-... (and in 1 more lines)"),
        ('project = "souk-1x"\nsenders = {\n', "infra/env/staging.tfvars:"),
        ('region = "europe-west1"\n', "infra/env/staging.tfvars: project is missing"),
        ('project = "No Project"\n', "infra/env/staging.tfvars: project is missing"),
    ],
)  # fmt: skip
def test_values_that_are_not_filled_in_are_refused_by_file_and_line(tmp_path, text, said):
    file = tmp_path / "infra/env/staging.tfvars"
    file.parent.mkdir(parents=True)
    if text is not None:
        file.write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        environments.read("staging", tmp_path)
    assert str(refused.value).startswith(said)


def test_an_environment_names_its_buckets(tmp_path):
    file = tmp_path / "infra/env/production.tfvars"
    file.parent.mkdir(parents=True)
    file.write_text('environment = "production"\nproject = "souk-live-1" # the marketplace\n')
    found = environments.read("production", tmp_path)
    assert (found.state_bucket, found.releases_bucket) == ("souk-live-1-soukmon-state", "souk-live-1-soukmon-releases")
