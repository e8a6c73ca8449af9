"""From an incident's evidence to its messages: the facts, a signed address for Slack, the picture in a mail."""

from dataclasses import replace

import pytest

from shared.adapters.folder import FolderObjects
from shared.domain.evidence import NAMED_BY
from shared.domain.notifications import Channel, Notification
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.rendering import charts
from shared.usecases.chart_link import evidence_write, respond
from shared.usecases.compose import Addresses, Composer
from tests.conftest import NIGHT, configuration
from tests.unit.evidence_samples import evidence

KEYS = ("key",)
SITE = "https://m.souk.example"


@pytest.fixture
def objects(tmp_path):
    return FolderObjects(tmp_path / "objects")


@pytest.fixture
def compose(world, objects):
    """Makes the body of the message about an incident, whose evidence is kept, for somebody on a channel."""
    composer = Composer(
        configuration(), world.store, world.clock, objects, Addresses(SITE, f"{SITE}/a", f"{SITE}/c"), KEYS
    )
    world.store.commit([evidence_write("e1", evidence())])
    world.fires("rate", values={NAMED_BY: "e1"})
    (incident,) = world.incidents()

    def make(channel, recipient, **values):
        row = Notification("n1", incident.id, 0, recipient, channel, Notify.FIRST, Severity.HIGH, NIGHT)
        return composer(row, replace(incident, values={**incident.values, **values})).body

    return make


@pytest.fixture
def drawn(monkeypatch):
    monkeypatch.setattr(charts, "png", lambda _, locale: f"PNG {locale}".encode())


def test_slack_is_given_an_address_that_leads_to_the_chart(compose, world, objects, drawn):
    (image,) = [block for block in compose(Channel.SLACK, "slack:incidents").blocks if block["type"] == "image"]
    path = image["image_url"].removeprefix(SITE)
    assert respond(path, keys=KEYS, store=world.store, objects=objects)[0] == b"PNG en"


@pytest.mark.parametrize(("person", "locale"), [("mona", "en"), ("omar", "ar")])
def test_a_mail_carries_the_chart_in_the_reader_s_language(compose, drawn, person, locale):
    body = compose(Channel.EMAIL, person)
    assert [picture.data for picture in body.pictures] == [f"PNG {locale}".encode()]
    assert "2,000,000" in body.text


@pytest.mark.parametrize("fault", [ValueError("bad"), RuntimeError("renderer"), OSError("disk")])
def test_a_chart_that_cannot_be_drawn_holds_no_alert_back(compose, monkeypatch, fault):
    def fail(*_):
        raise fault

    monkeypatch.setattr(charts, "png", fail)
    body = compose(Channel.EMAIL, "mona")
    assert (body.pictures, "2,000,000" in body.text) == ((), True)


@pytest.mark.parametrize("name", ["", "unknown", "../e1"])
def test_an_incident_without_evidence_is_told_as_before(compose, name):
    assert "image" not in {block["type"] for block in compose(Channel.SLACK, "slack:incidents", evidence=name).blocks}
    assert compose(Channel.EMAIL, "mona", evidence=name).pictures == ()


def test_a_text_message_stays_as_short_as_it_was(compose):
    assert "2,000,000" not in compose(Channel.SMS, "mona").text
