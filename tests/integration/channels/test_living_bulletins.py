"""A living bulletin is one message in Slack, in the channel and to a person, that says the newest whatever comes first."""

import pytest

from infra.local.sandbox import slack
from infra.local.sandbox.server import serve
from shared.adapters.slack import SlackNotifier
from shared.adapters.sqlite_state import SqliteState
from shared.domain.bulletins import Bulletin, BulletinKind, BulletinText
from shared.domain.notifications import Channel, Recipient
from shared.usecases.bulletins import plan_living
from shared.usecases.compose import Addresses, Composer
from tests.conftest import NIGHT, configuration
from tests.unit.usecases.world import World

TO = [Recipient("slack:incidents", Channel.SLACK), Recipient("mona", Channel.SLACK)]


@pytest.fixture
def world(tmp_path, clock, store):
    made = World(SqliteState(tmp_path / "state.db"), clock, config=configuration())
    with serve(slack.create_app(store, clock=clock, token="xoxb-sandbox")) as server:
        made.notifiers[Channel.SLACK] = SlackNotifier("xoxb-sandbox", base_url=f"{server.url}/api/", timeout=5)
        yield made


def planned(world, revision):
    text = BulletinText(f"{revision} incident(s)", ("one line",))
    bulletin = Bulletin("w-held", BulletinKind.NOTICE, NIGHT, {"en": text}, is_living=True)
    rows, writes = plan_living(bulletin, TO, revision=revision)
    world.store.commit(writes)
    return rows


def sent(world, rows):
    composer = Composer(world.config, world.store, world.clock, None, Addresses("", "", "", ""), ("key",))
    for row in rows:
        world.deliver(row.id, compose=composer)


def test_it_is_posted_once_and_changed_in_place(world, store):
    for revision in (1, 2):
        sent(world, planned(world, revision))
    found = store.messages("slack")
    assert len(found) == 2
    assert {message.content["blocks"][0]["text"]["text"] for message in found} == {"2 incident(s)"}


def test_an_older_row_that_is_sent_later_says_the_newest_too(world, store):
    first, second = planned(world, 1), planned(world, 2)
    sent(world, second)
    sent(world, first)
    assert {message.content["blocks"][0]["text"]["text"] for message in store.messages("slack")} == {"2 incident(s)"}
