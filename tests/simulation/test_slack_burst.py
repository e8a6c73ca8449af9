"""Five hundred alerts at once: the channel sees the first at once and everything within seconds, in three messages."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local import samples
from infra.local.replay import private_platform
from shared import bootstrap
from shared.ports.store import Query
from shared.usecases.records import INCIDENTS

START = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(milliseconds=10)], ids=["at once", "within five seconds"])
def test_E44_500_alerts_to_one_slack_channel_are_told_within_ten_seconds_in_at_most_three_messages(apart):
    with private_platform(at=START) as platform:
        posted = []
        for n in range(500):
            event = samples.crash(platform.clock.now(), "newFatalIssue", issue=f"i{n}", title=f"Screen{n}.kt line 1")
            platform.call(event.function, event.body, event.headers)
            if apart:
                platform.advance(apart)
            posted.append(len(messages(platform)))
        platform.settle()
        assert posted[0] == (1 if apart else 0)  # the first at once; at the same instant nothing is first
        assert messages(platform)
        platform.advance(START + 10 * SECOND - platform.clock.now())
        told = messages(platform)
        assert len(told) <= 3
        newest = " ".join(str(message.content) for message in told)
        assert "Alert storm" in newest
        assert len(bootstrap.state().find(Query(INCIDENTS, order_by="opened_at", limit=999))) == 501


def messages(platform):
    return platform.providers.store.messages("slack")
