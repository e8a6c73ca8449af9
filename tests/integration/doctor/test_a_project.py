"""A project that is whole is told to be; each thing that is missing is told by its name, and nothing else is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from infra.tools.doctor.outcomes import State
from shared.domain.oncall import Person
from shared.ports.store import Delete, Put
from shared.usecases.records import HEARTBEATS, instant
from tests.conftest import configuration
from tests.integration.doctor.conftest import NOW


def test_a_project_that_is_whole_has_nothing_to_complain_of(examined):
    found = examined()
    assert {name: one.says for name, one in found.items() if one.state is not State.OK} == {}
    assert len(found) > 20


def without(documents, name):
    return lambda p: getattr(p, documents).pop(name)


def put(documents, name, **changed):
    return lambda p: getattr(p, documents)[name].update(changed)


def columns(table, change):
    return lambda p: p.tables[table].update(schema={"fields": change(p.tables[table]["schema"]["fields"])})


def retyped(name, kind):
    return lambda fields: [{**one, "type": kind} if one["name"] == name else one for one in fields]


def left_out(name, within=""):
    def change(fields):
        if not within:
            return [one for one in fields if one["name"] != name]
        return [{**one, "fields": left_out(name)(one["fields"])} if one["name"] == within else one for one in fields]

    return change


def unindexed(p):
    p.indexes = [one for one in p.indexes if "/timeline/" not in one["name"]]


def building(p):
    p.indexes[0] = {**p.indexes[0], "state": "CREATING"}


def one_direction(p):
    for one in p.indexes:
        if "/timeline/" in one["name"]:
            one["fields"][1] = {**one["fields"][1], "order": "ASCENDING"}


def disabled_api(p):
    p.services = [one for one in p.services if one["config"]["name"] != "pubsub.googleapis.com"]


def no_deletion(p):
    p.fields = [one for one in p.fields if "/receipts/" not in one["name"]]


def no_database(p):
    p.database = {}


def pushed_elsewhere(p):
    p.subscriptions["soukmon-handle-signal"]["pushConfig"]["pushEndpoint"] = "https://elsewhere.example/"


def pushed_bare(p):
    del p.subscriptions["soukmon-handle-signal"]["pushConfig"]["oidcToken"]


def empty(table):
    return lambda p: p.tables[table].update(numRows="0")


def old(table):
    stamp = str(int((NOW - timedelta(days=4)).timestamp() * 1000))
    return lambda p: p.tables[table].update(lastModifiedTime=stamp)


REQUESTS, CRASHES = "request_logs.run_googleapis_com_requests", "firebase_crashlytics.app_ANDROID"
EVENTS = "analytics_123456789.events_20260310"
# (what is done to the project, the check that tells, how, and words of it)
FAULTS = [
    (disabled_api, "apis", "fail", "pubsub.googleapis.com"),
    (without("functions", "soukmon-handle-signal"), "functions", "fail", "handle_signal is not deployed"),
    (put("functions", "soukmon-handle-signal", state="FAILED", stateMessages=[{"message": "build failed"}]), "functions", "fail", "handle_signal is FAILED (build failed)"),
    (put("functions", "soukmon-serve-chart", serviceConfig={}), "functions", "fail", "serve_chart reads version - of SOUKMON_LINK_KEYS, not 1"),
    (put("services_of_run", "soukmon-serve-dashboard", iapEnabled=False), "sign-in", "fail", "Identity-Aware Proxy is off on soukmon-serve-dashboard"),
    (without("services_of_run", "soukmon-serve-dashboard"), "sign-in", "fail", "Identity-Aware Proxy is off"),
    (without("jobs", "soukmon-escalate-incidents"), "schedules", "fail", "soukmon-escalate-incidents is missing"),
    (put("jobs", "soukmon-escalate-incidents", state="PAUSED"), "schedules", "fail", "escalate-incidents is paused"),
    (put("jobs", "soukmon-escalate-incidents", status={"code": 13}), "schedules", "fail", "failed last time (code 13)"),
    (put("jobs", "soukmon-escalate-incidents", timeZone="UTC"), "schedules", "fail", "runs at * * * * * (UTC)"),
    (put("jobs", "soukmon-escalate-incidents", lastAttemptTime="2026-03-10T08:00:00.123456Z"), "schedules", "fail", "has not run since 2026-03-10T08:00"),
    (without("secrets", "SLACK_BOT_TOKEN"), "secrets", "fail", "SLACK_BOT_TOKEN version 1 is missing"),
    (put("secrets", "SLACK_BOT_TOKEN", version="7"), "secrets", "fail", "SLACK_BOT_TOKEN version 1 is missing"),
    (put("secrets", "SLACK_BOT_TOKEN", state="DISABLED"), "secrets", "fail", "SLACK_BOT_TOKEN version 1 is disabled"),
    (without("topics", "soukmon-signals"), "topics", "fail", "soukmon-signals"),
    (without("subscriptions", "soukmon-handle-signal"), "subscriptions", "fail", "soukmon-handle-signal is missing"),
    (put("subscriptions", "soukmon-handle-signal", topic="_deleted-topic_"), "subscriptions", "fail", "reads _deleted-topic_, not soukmon-signals"),
    (pushed_elsewhere, "subscriptions", "fail", "does not push to handle_signal"),
    (pushed_bare, "subscriptions", "fail", "pushes without a token"),
    (put("subscriptions", "soukmon-handle-signal", deadLetterPolicy={}), "subscriptions", "fail", "has no dead letters"),
    (put("subscriptions", "soukmon-handle-signal", state="RESOURCE_ERROR"), "subscriptions", "fail", "is RESOURCE_ERROR"),
    (without("subscriptions", "soukmon-dead-letters"), "subscriptions", "fail", "nothing keeps the dead letters"),
    (without("sinks", "soukmon-warehouse"), "log sinks", "fail", "soukmon-warehouse is missing"),
    (put("sinks", "soukmon-signals", disabled=True), "log sinks", "fail", "soukmon-signals is disabled"),
    (put("sinks", "soukmon-signals", destination="pubsub.googleapis.com/projects/p/topics/t"), "log sinks", "fail", "writes to pubsub.googleapis.com/projects/p"),
    (put("policies", "soukmon-log-sink", bindings=[]), "errors to topic", "fail", "may not publish to soukmon-log-sink"),
    (put("datasets", "request_logs", access=[{"role": "READER", "userByEmail": "a@b.example"}]), "requests to bigquery", "fail", "may not write to request_logs"),
    (no_database, "database", "fail", "there is no database soukmon"),
    (lambda p: p.database.update(type="DATASTORE_MODE"), "database", "fail", "is DATASTORE_MODE"),
    (lambda p: p.database.pop("deleteProtectionState"), "database", "warn", "can be deleted"),
    (lambda p: p.database.pop("pointInTimeRecoveryEnablement"), "database", "warn", "no point-in-time recovery"),
    (unindexed, "indexes", "fail", "timeline(incident, seq ascending) missing"),
    (one_direction, "indexes", "fail", "timeline(incident, seq descending) missing"),
    (building, "indexes", "warn", "still being built"),
    (no_deletion, "old documents", "warn", "receipts"),
    (without("tables", REQUESTS), "export requests", "fail", f"there is no table {REQUESTS}"),
    (without("tables", EVENTS), "export analytics", "fail", "there is no table analytics_123456789"),
    (columns(REQUESTS, left_out("insertId")), "export requests", "fail", "column insertId is missing"),
    (columns(REQUESTS, left_out("latency", "httpRequest")), "export requests", "fail", "column httpRequest.latency is missing"),
    (columns(CRASHES, retyped("event_timestamp", "INTEGER")), "export crashes", "fail", "column event_timestamp is INTEGER, not TIMESTAMP"),
    (columns(EVENTS, left_out("value", "event_params")), "export analytics", "fail", "column event_params.value is missing"),
    (empty(REQUESTS), "export requests", "warn", "holds no rows"),
    (old(REQUESTS), "export requests", "warn", "had no rows since 2026-03-06 09:00"),
    (columns("soukmon.metric_points", left_out("buckets")), "warehouse", "fail", "soukmon.metric_points: column buckets is missing"),
    (without("tables", "soukmon.requests"), "warehouse", "fail", "there is no view requests"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[1]}: {fault[3]}")
def test_what_is_missing_is_told_once_by_its_name_and_with_what_to_do(project, examined, fault):
    break_it, check, state, words = fault
    break_it(project)
    faulty = {name: one for name, one in examined().items() if one.state in {State.WARN, State.FAIL}}
    assert set(faulty) == {check}
    assert (faulty[check].state, words in faulty[check].says) == (state, True), faulty[check]
    assert faulty[check].fix


@pytest.mark.parametrize(
    "change",
    [
        columns(REQUESTS, lambda fields: [*fields, {"name": "new_one", "type": "STRING"}]),
        columns(REQUESTS, left_out("trace")),
        columns(REQUESTS, left_out("requestSize", "httpRequest")),
        columns(CRASHES, lambda fields: [{**one, "name": one["name"].upper()} for one in fields]),
        columns("soukmon.metric_points", lambda fields: [{**one, "type": {"INTEGER": "INT64", "FLOAT": "FLOAT64"}.get(one["type"], one["type"])} for one in fields]),
    ],
)  # fmt: skip
def test_columns_that_no_view_reads_may_come_and_go(project, examined, change):
    change(project)
    assert all(one.state is State.OK for one in examined().values())


@pytest.mark.parametrize(
    ("part", "checks"),
    [
        ("serviceusage", {"apis"}),
        ("cloudfunctions", {"functions"}),
        ("run.googleapis", {"sign-in"}),
        ("cloudscheduler", {"schedules"}),
        ("secretmanager", {"secrets"}),
        ("/topics", {"topics", "errors to topic"}),
        ("/subscriptions", {"subscriptions"}),
        ("/sinks/", {"log sinks", "errors to topic", "requests to bigquery"}),
        ("collectionGroups/-/indexes", {"indexes"}),
        ("collectionGroups/-/fields", {"old documents"}),
        ("cloudresourcemanager", {"project", "subscriptions"}),
        ("bigquery/v2/projects/souk-live-1/datasets/request_logs/", {"export requests", "export web_errors"}),
    ],
)
@pytest.mark.parametrize("status", [403, 500])
def test_a_refusal_is_told_and_the_other_checks_go_on(project, examined, part, checks, status):
    project.refusals[part] = status
    found = examined()
    assert {name for name, one in found.items() if one.state is not State.OK} == checks
    assert all(f"refused with {status}" in found[name].says for name in checks)


@pytest.mark.parametrize(
    ("writes", "words"),
    [
        ([Delete(HEARTBEATS, "evaluate_rules")], "evaluate_rules never ran"),
        (
            [Put(HEARTBEATS, "escalate_incidents", {"at": instant(NOW - timedelta(minutes=7))})],
            "escalate_incidents ran last 7 minutes ago",
        ),
    ],
)
def test_a_heart_that_stopped_is_told(examined, store, writes, words):
    store.commit(writes)
    found = examined()["heartbeats"]
    assert (found.state, words in found.says) == (State.FAIL, True)


def test_an_export_that_is_not_named_is_not_looked_for_and_neither_are_its_views(souk, project, examined):
    for name in ("soukmon.crashes", "soukmon.app_sessions", "firebase_crashlytics.app_ANDROID"):
        del project.tables[name]
    named = {k: v for k, v in souk.exports.items() if k not in {"crashes", "app_sessions"}}
    found = examined(estate=replace(souk, variables={**souk.variables, "installation": named}))
    assert all(one.state is State.OK for one in found.values())
    assert "export crashes" not in found


@pytest.mark.parametrize(
    "case",
    [
        ({}, State.WARN, "nobody can sign in"),
        ({"mode": "firebase"}, State.OK, "by firebase"),
        ({"mode": "iap", "iap_audience": "/projects/1/global/backendServices/2"}, State.OK, "by iap"),
    ],
)
def test_how_people_sign_in_is_told(souk, project, examined, case):
    chosen, state, words = case
    project.services_of_run.clear()
    found = examined(estate=replace(souk, variables={**souk.variables, "sign_in": chosen}))["sign-in"]
    assert (found.state, words in found.says) == (state, True)


def test_a_placeholder_is_told(souk, examined):
    gaps = {**souk.variables, "installation": {**souk.exports, "crashes": "REPLACE-ME-firebase_crashlytics.a"}}
    found = examined(estate=replace(souk, variables=gaps))
    assert (found["project"].state, found["export crashes"].state) == (State.WARN, State.FAIL)


@pytest.mark.parametrize(
    ("person", "state"),
    [
        (Person("omar", "Omar", email="o@souk.example", phone="+201000000012"), "ok"),
        (Person("omar", "Omar", phone="+201000000012"), "warn"),
        (Person("omar", "Omar", email="o@souk.example", phone="+2", off=frozenset({"sms", "voice"})), "warn"),
        (Person("omar", "Omar", slack_user="U1", devices=("token",)), "ok"),
        (Person("omar", "Omar"), "fail"),
    ],
)
def test_who_is_on_call_is_reached_in_two_ways(examined, person, state):
    config = configuration()
    people = {**config.directory.people, "omar": person}
    found = examined(config=replace(config, directory=replace(config.directory, people=people)))["reachable"]
    assert found.state == state
    assert state == "ok" or "omar" in found.says


def test_a_hole_in_the_roster_is_told(examined):
    config = configuration()
    people = {name: one for name, one in config.directory.people.items() if name != "omar"}
    found = examined(config=replace(config, directory=replace(config.directory, people=people)))["on call"]
    assert (found.state, "primary: nobody is on call from" in found.says) == (State.FAIL, True)


def test_no_secret_stands_in_any_line(project, examined):
    found = examined()
    assert not any(kept["value"] in f"{one}" for one in found.values() for kept in project.secrets.values())
