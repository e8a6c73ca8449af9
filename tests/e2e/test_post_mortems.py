"""From the end of an incident to its completed post-mortem on the whole platform, with the record sealed meanwhile."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from infra.local import samples
from infra.local.platform import Platform
from shared import bootstrap
from shared.adapters.clocks import VirtualClock
from shared.domain.post_mortems import PostMortemRules
from shared.domain.severities import Severity
from shared.usecases.act import Act, Action, act
from shared.usecases.verify import verify
from tests.conftest import configuration
from tests.e2e.conftest import Driver

NOON = datetime(2026, 3, 10, 10, 10, tzinfo=UTC)


@pytest.fixture
def day(tmp_path):
    rules = PostMortemRules({Severity.CRITICAL: timedelta(hours=24)})
    chosen = replace(configuration(), post_mortems=rules)
    platform = Platform(tmp_path / "state", clock=VirtualClock(NOON), configuration=chosen)
    yield Driver(platform)
    platform.close()


def test_the_draft_comes_by_itself_reaches_its_owner_and_is_a_page_in_both_languages(day):
    day.send(
        samples.crash(NOON, "velocityAlert", issue="i", title="<b>A.kt</b>", crashCount="132", crashPercentage=12.4)
    )
    ports = {
        "config": bootstrap.config(), "store": bootstrap.state(), "publisher": bootstrap.publisher(),
        "clock": bootstrap.clock(),
    }  # fmt: skip
    [name] = {row.incident for row in day.ledger}
    for action in (Action.ACKNOWLEDGE, Action.RESOLVE):
        assert act(Act(action, name, "mona", "slack"), **ports).happened
    day.after(minutes=15)
    [notice] = [row for row in day.ledger if row.bulletin]
    assert (notice.recipient, notice.bulletin) == ("mona", f"{name}-post-mortem")
    reader = {"Authorization": f"Bearer {day.platform.settings.sign_in_token}"}
    for locale, says in (("en", "To be written by Mona Adel."), ("ar", "Mona Adel")):
        page = requests.get(
            f"{day.platform.url}/incidents/{name}/post-mortem?lang={locale}", headers=reader, timeout=30
        )
        assert page.status_code == 200
        assert says in page.text
        assert "<b>A.kt" not in page.text


def test_E90_the_record_is_sealed_each_hour_and_verifies(day):
    day.send(samples.crash(NOON, "velocityAlert", issue="i", title="A.kt", crashCount="132", crashPercentage=12.4))
    day.after(minutes=70)
    found = verify(store=bootstrap.state(), objects=bootstrap.seals())
    assert (found.incidents, found.faults) == (1, ())
    assert found.seals >= 1
