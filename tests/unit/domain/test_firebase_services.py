"""What a database and sites of Firebase have to be like."""

import pytest

from shared.domain.firebase_services import Database, Release, Site, judged_database, judged_sites
from shared.domain.jobs import Verdict
from tests.conftest import NIGHT


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Database("FIRESTORE_NATIVE", "eur3"), ""),
        (Database("DATASTORE_MODE", "eur3"), "the database is DATASTORE_MODE"),
        (Database(""), "of no known kind"),
        (Database("FIRESTORE_NATIVE", "eur3", NIGHT), "was deleted at"),
    ],
)
def test_a_database_that_is_deleted_or_in_another_mode_fails(found, said):
    told = list(judged_database(found))
    assert [one.verdict for one in told] == ([Verdict.FAIL] if said else [])
    assert all(said in one.what for one in told)


@pytest.mark.parametrize(
    ("release", "verdict"),
    [
        (Release(NIGHT, "DEPLOY", "FINALIZED"), None),
        (Release(NIGHT, "ROLLBACK", "FINALIZED"), None),
        (Release(NIGHT, "DEPLOY", "EXPIRED"), Verdict.FAIL),
        (Release(NIGHT, "DEPLOY", ""), Verdict.FAIL),
        (Release(NIGHT, "SITE_DISABLE", ""), Verdict.FAIL),
        (None, Verdict.WARN),
    ],
)
def test_a_site_shows_a_version_that_is_finalized(release, verdict):
    told = list(judged_sites([Site("souk", release)]))
    assert [(one.subject, one.verdict) for one in told] == ([("firebase/hosting/souk", verdict)] if verdict else [])
