"""Which change is suspected first, and which command may be offered to take it back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.config.loader import load
from shared.domain.changes import Change, ChangeKind, Service, command, suspects, with_previous
from tests.conftest import NIGHT

MINUTE = timedelta(minutes=1)
RELEASE = Change("r", ChangeKind.RELEASE, "web", NIGHT - 12 * MINUTE, "4.2.1", "4.2.0", "mona")
SERVICES = (
    Service("web", ("hosting",), "clone web:@{previous} web:live"),
    Service("api", (), "traffic {service} --to={previous}=100"),
    Service("app"),
)


def named(changes, service="web"):
    return [one.change.id for one in suspects(changes, service=service, began=NIGHT, services=SERVICES)]


@pytest.mark.parametrize(
    ("minutes", "explains"), [(-31, False), (-30, True), (-12, True), (0, True), (2, True), (3, False)]
)
def test_half_an_hour_before_the_trouble_began_is_when_a_change_may_explain_it(minutes, explains):
    assert bool(named([replace(RELEASE, at=NIGHT + minutes * MINUTE)])) is explains


def test_its_own_service_is_suspected_first_then_the_kind_then_the_latest():
    others = [
        replace(RELEASE, id="build", kind=ChangeKind.BUILD),
        replace(RELEASE, id="config", kind=ChangeKind.CONFIGURATION, at=NIGHT),
        replace(RELEASE, id="other", service="api", at=NIGHT),
        replace(RELEASE, id="older", at=NIGHT - 20 * MINUTE),
        replace(RELEASE, id="deployment", kind=ChangeKind.DEPLOYMENT),
    ]
    found = suspects([*others, RELEASE], service="web", began=NIGHT, services=SERVICES, most=10)
    assert [one.change.id for one in found] == ["r", "older", "deployment", "config", "build", "other"]
    assert named([*others, RELEASE]) == ["r", "older", "deployment"]


def test_a_service_is_known_by_every_name_it_goes_by():
    assert named([replace(RELEASE, service="hosting"), replace(RELEASE, id="api", service="api", at=NIGHT)]) == [
        "r",
        "api",
    ]


def test_the_command_has_the_names_of_the_change():
    assert command(RELEASE, SERVICES) == "clone web:@4.2.0 web:live"
    deployed = replace(RELEASE, kind=ChangeKind.DEPLOYMENT, service="api", previous="api-00041-xyz")
    assert command(deployed, SERVICES) == "traffic api --to=api-00041-xyz=100"


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "4.2.0; rm -rf /",
        "$(reboot)",
        "`id`",
        "-rf",
        "--config=x",
        "../../etc",
        "a b",
        "a\nb",
        "a&b",
        "a|b",
        "'",
        "v" * 101,
        "٤",
    ],
)
def test_a_name_that_a_shell_would_read_gives_no_command(hostile):
    assert command(replace(RELEASE, previous=hostile), SERVICES) == ""
    deployed = replace(RELEASE, kind=ChangeKind.DEPLOYMENT, service="api")
    assert command(replace(deployed, previous=hostile), SERVICES) == ""


def test_only_releases_and_deployments_are_taken_back_and_only_where_there_is_a_way():
    assert command(replace(RELEASE, kind=ChangeKind.CONFIGURATION), SERVICES) == ""
    assert command(replace(RELEASE, service="app"), SERVICES) == command(replace(RELEASE, service="x"), SERVICES) == ""


def test_what_ran_before_is_the_last_version_on_record():
    new = replace(RELEASE, previous="")
    earlier = [
        replace(RELEASE, version="4.1.9", at=NIGHT - 90 * MINUTE),
        replace(RELEASE, version="4.2.0", at=NIGHT - 60 * MINUTE),
        replace(RELEASE, version="4.2.1", at=NIGHT - 13 * MINUTE),  # the same one, told before
        replace(RELEASE, version="5.0.0", at=NIGHT),
    ]
    assert with_previous(new, earlier).previous == "4.2.0"
    assert with_previous(new, []).previous == ""
    assert with_previous(RELEASE, earlier[:1]).previous == "4.2.0"


def test_the_shipped_services_take_back_what_can_be_taken_back():
    services = load().services
    said = {
        one: command(replace(RELEASE, service=one, previous="p-1"), services)
        for one in ("web", "orders-api", "android", "soukmon-x")
    }
    assert said["web"] == "firebase hosting:clone souk-el-sayarat:@p-1 souk-el-sayarat:live"
    assert said["orders-api"].startswith("gcloud run services update-traffic orders-api --to-revisions=p-1=100")
    assert said["android"] == ""
    assert said["soukmon-x"] == "soukmon deploy rollback"
