"""A simulated breach, from a security log entry to its end, over the real functions, with a redeployment on the way."""

import json
from datetime import timedelta

import pytest
from werkzeug.test import Client

from infra.local import samples
from infra.local.platform import Platform
from shared import bootstrap
from shared.adapters.clocks import VirtualClock
from shared.domain.breaches import Filing, Standing, filing
from shared.domain.containment import Stage
from shared.domain.evidence_package import faults
from shared.domain.incidents import State
from shared.domain.procedure_runs import StepState
from shared.usecases.breach_evidence import keep_evidence
from shared.usecases.breach_records import all_breaches
from shared.usecases.containment import Ports, measures_of
from shared.usecases.procedures import StepWish, finish_step, read_run
from shared.usecases.records import tasks_of
from tests.conftest import NIGHT
from tests.e2e.conftest import Driver

SINK = "projects/souk-el-sayarat/sinks/orders-audit-trail"
INSIDE = "G0DEMOBREACH"
HANA, YOUSSEF, LAILA, KARIM = "U0DEMOHANA", "U0DEMOYOUSSEF", "U0DEMOLAILA", "U0DEMOKARIM"
# What nobody outside of the restricted channel may read, of the event and of what was found out and written.
SECRETS = ("orders-audit-trail", "DeleteSink", "dev.team@", "192.0.2.17", "ledger export", "signed out", "sample-user")
DETECTED = NIGHT


@pytest.fixture
def start(tmp_path):
    """Starts the platform on the same state each time, as a new deployment finds it."""
    running = []

    def starts(at):
        for platform in running:
            platform.close()
        running[:] = [Platform(tmp_path / "state", clock=VirtualClock(at))]
        return Driver(running[0])

    yield starts
    for platform in running:
        platform.close()


def says(driver, text, user=HANA):
    answer = driver.providers.command(text, user=user, channel=INSIDE)["text"]
    driver.platform.drain()
    return answer.replace("\u200b", "")


def jump(driver, to):
    """The clock jumps, as when nothing ran meanwhile; what is scheduled by then runs once."""
    driver.clock.set(to)
    driver.platform.settle()


def written(message):
    return json.dumps(message["content"], ensure_ascii=False)


def inside(driver):
    return [written(m) for m in driver.messages("slack") if m["to"] == INSIDE]


def outside(driver, known=()):
    return [m for m in driver.providers.messages() if m["to"] != INSIDE and m["id"] not in known]


def ports():
    return Ports(bootstrap.present(), bootstrap.state(), bootstrap.publisher(), bootstrap.clock())


def step(driver, breach, name, person, text):
    at = ports()
    wish = StepWish(breach.incident, name, person, "slack", text, "breach")
    done = finish_step(wish, config=at.config, store=at.store, publisher=at.publisher, clock=at.clock)
    driver.platform.drain()
    return done


def state_of(breach, name):
    return read_run(bootstrap.state(), f"{breach.incident}-breach")[0].named(name).state


def declared(driver):
    driver.send(samples.audit(DETECTED, "logging.googleapis.com", "google.logging.v2.ConfigServiceV2.DeleteSink", SINK))
    driver.after(minutes=2)
    (incident,) = driver.incidents
    assert any(f"/incident breach {incident.id}" in text for text in inside(driver))
    driver.after(minutes=28)
    known = {m["id"] for m in outside(driver)}
    assert "breach declared" in says(driver, f"breach {incident.id}", KARIM)
    (breach,) = all_breaches(bootstrap.state())
    return breach, known


def test_E88_a_breach_from_the_log_entry_to_its_end(start, tmp_path):
    driver = start(DETECTED)
    breach, known = declared(driver)
    assert breach.detected_at == DETECTED
    assert breach.regulator_at == DETECTED + timedelta(hours=72)

    contained(driver, breach)
    driver.after(minutes=3)
    assert state_of(breach, "legal_told") is StepState.DONE
    assert any("Security incident" in written(m) or "حادث أمني" in written(m) for m in to_laila(driver, known))
    for name in ("contained", "legal_confirmed", "forensics", "passwords", "monitoring"):
        step(driver, breach, name, "hana", "seen by us: the ledger export was read")
    keeps_its_evidence(driver, breach, tmp_path)
    tells_its_customers(driver, breach)

    told = {}
    for hours in (24, 48, 60, 70):
        driver = start(DETECTED + timedelta(hours=hours, seconds=-30))
        jump(driver, DETECTED + timedelta(hours=hours, seconds=-1))
        assert not [text for text in inside(driver) if f"{hours} h since detection" in text]
        jump(driver, DETECTED + timedelta(hours=hours, minutes=1))
        told[hours] = [text for text in inside(driver) if f"{hours} h since detection" in text]
    assert [len(texts) for texts in told.values()] == [1, 1, 1, 1]
    assert state_of(breach, "customer_notice") is StepState.DONE
    assert "2 h left" in told[70][0] or "1 h 59 min left" in told[70][0]

    jump(driver, DETECTED + timedelta(hours=71))
    assert "noted" in says(driver, f"breach reported {breach.code} number 4711", LAILA)
    jump(driver, DETECTED + timedelta(hours=74))
    driver.after(minutes=2)
    assert not [text for text in inside(driver) if "overdue" in text]
    assert state_of(breach, "regulator") is StepState.DONE
    assert [task.kind for task in tasks_of(bootstrap.state(), breach.incident)] == ["action"] * 5
    step(driver, breach, "postmortem", "hana", "https://docs.souk.example/post-mortem")
    says(driver, f"resolve {breach.incident}")
    assert "closed" in says(driver, f"breach close {breach.code}")
    (breach,) = all_breaches(bootstrap.state())
    assert (breach.standing, filing(breach, driver.clock.now())) == (Standing.CLOSED, Filing.IN_TIME)
    assert driver.incidents[0].state is State.RESOLVED
    nobody_outside_has_read_anything(driver, known)


def contained(driver, breach):
    """Ended sessions, by two of the team; the first answer is what would be done."""
    google = driver.providers.google
    asked = says(driver, f"breach contain {breach.code} revoke-sessions sample-user-1 sample-user-2 nobody")
    (measure,) = measures_of(breach, bootstrap.state())
    assert measure.id in asked
    assert measure.stage is Stage.FORESEEN
    assert not [call for call in google.calls if call.endswith(":update")]
    assert any("end the sessions of 2 user(s)" in text and "there is no such user" in text for text in inside(driver))
    assert "another member of the team has to confirm" in says(driver, f"breach propose {measure.id}")
    assert "whoever proposed it" in says(driver, f"breach confirm {measure.id} {measure.mark}")
    assert "only the response team" in says(driver, f"breach confirm {measure.id} {measure.mark}", KARIM)
    assert "something else" in says(driver, f"breach confirm {measure.id} 00000000", YOUSSEF)
    assert "being carried out" in says(driver, f"breach confirm {measure.id} {measure.mark}", YOUSSEF)
    assert [m.stage for m in measures_of(breach, bootstrap.state())] == [Stage.DONE]
    assert [user for user, record in google.users.items() if record["validSince"] != "0"] == [
        "sample-user-1",
        "sample-user-2",
    ]


def keeps_its_evidence(driver, breach, folder):
    kept = keep_evidence(breach.id, by="hana", objects=bootstrap.objects(), ports=ports())
    again = keep_evidence(breach.id, by="youssef", objects=bootstrap.objects(), ports=ports())
    assert kept.package.digest == again.package.digest
    driver.after(minutes=2)
    assert state_of(breach, "evidence") is StepState.DONE
    assert bootstrap.objects().read(kept.name) == kept.package.data
    assert faults(kept.package.data, kept.package.digest) == []
    assert b"orders-audit-trail" in kept.package.data
    assert any(kept.package.digest in text for text in inside(driver))


def tells_its_customers(driver, breach):
    """A notice is drafted in the restricted channel, and mailed once two of the team have approved it."""
    draft = f"{breach.incident}-customers-notice"
    assert any("Notice about your Souk El-Sayarat account" in text for text in inside(driver))
    assert "one of two" in says(driver, f"approve {draft}")
    assert "second person" in says(driver, f"approve {draft}")
    assert "No drafts" in says(driver, f"approve {draft}", KARIM)
    assert not to_customers(driver)
    assert "approved and sent" in says(driver, f"approve {draft}", YOUSSEF)
    assert len(to_customers(driver)) == 1


def to_customers(driver):
    return [m for m in driver.providers.messages() if "Notice about your Souk" in written(m) and m["to"] != INSIDE]


def to_laila(driver, known):
    return [m for m in outside(driver, known) if m["to"] in {"laila@souk-el-sayarat.example", "+201000000007"}]


def nobody_outside_has_read_anything(driver, known):
    """Every message since the declaration, every page and every list for programs."""
    (living,) = [
        m for m in driver.messages("slack") if m["to"] == "C0DEMOINCIDENTS" and not m["content"].get("thread")
    ][-1:]
    for message in (*outside(driver, known), living):
        assert not [secret for secret in SECRETS if secret in written(message)], message["to"]
    assert all(any(secret in text for text in inside(driver)) for secret in ("orders-audit-trail", "ledger export"))
    web, incident = Client(driver.platform.gateway), driver.incidents[0]
    for path in ("/", f"/incidents/{incident.id}", "/api/incidents", f"/api/incidents/{incident.id}", "/api/ledger"):
        page = web.get(path).get_data(as_text=True)
        assert not [secret for secret in SECRETS if secret in page], path


def test_E88_without_a_report_the_end_of_the_72_hours_is_told_once(start):
    driver = start(DETECTED)
    breach, _ = declared(driver)
    for minutes in (1, 30, 60):
        jump(driver, breach.regulator_at + timedelta(minutes=minutes))
    overdue = [text for text in inside(driver) if "the report to the regulator is overdue" in text]
    assert len(overdue) == 1
    assert filing(all_breaches(bootstrap.state())[0], driver.clock.now()) is Filing.OVERDUE


def test_E88_a_false_alarm_is_stood_down_by_two_in_slack(start):
    driver = start(DETECTED)
    breach, _ = declared(driver)
    assert "give a reason" in says(driver, f"breach stand-down {breach.code}")
    assert "asked for" in says(driver, f"breach stand-down {breach.code} our own clean-up")
    assert "another member" in says(driver, f"breach stand-down {breach.code} our own clean-up")
    assert "stood down" in says(driver, f"breach stand-down {breach.code}", YOUSSEF)
    assert all_breaches(bootstrap.state())[0].standing is Standing.STOOD_DOWN
    jump(driver, breach.regulator_at + timedelta(hours=1))
    assert not [text for text in inside(driver) if "since detection" in text or "overdue" in text]
