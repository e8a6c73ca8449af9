"""The public page follows what is seen and what persons write, and is written only where it changed."""

import json
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from shared.domain.inhibitions import Inhibition
from shared.domain.matchers import Matcher, Operator
from shared.domain.noise import Noise
from shared.domain.severities import Severity
from shared.domain.status import Bilingual, Condition, Stage
from shared.errors import RefusedError, UndecodableError
from shared.ports.probing import Probed
from shared.ports.store import Query
from shared.usecases import checks
from shared.usecases.act import Act, Action, act
from shared.usecases.silencing import Wish, silence
from shared.usecases.status_site import Wrote
from shared.usecases.status_verify import faults
from tests.unit.usecases.status_town import Town

HOSTILE = "<script>alert(1)</script> & \"'"


@pytest.fixture
def town(world, tmp_path):
    made = Town(world, tmp_path / "site")
    made.all_is_well()
    return made


def status(town):
    document = json.loads(town.page("status.json"))
    return {one["id"]: one["status"] for one in document["components"]}


class TestPublishing:
    def test_the_first_run_writes_everything_in_both_languages(self, town):
        assert town.publish().outcome is Wrote.WRITTEN
        assert sorted(town.site.written) == [
            "ar/feed.xml", "ar/history.html", "ar/index.html", "ar/rss.xml", "ar/subscribe.html", "feed.xml",
            "history.html", "index.html", "rss.xml", "status.json", "subscribe.html",
        ]  # fmt: skip
        assert "Everything works" in town.page()
        assert 'dir="rtl"' in town.page("ar/index.html")

    def test_publishing_twice_without_a_change_writes_nothing(self, town):
        town.publish()
        town.site.written.clear()
        for _ in range(9):
            town.after(minutes=1).all_is_well()
            assert town.publish().outcome is Wrote.UNCHANGED
        assert town.site.written == []

    def test_it_is_renewed_every_ten_minutes_with_its_age(self, town):
        town.publish()
        before = town.page()
        town.after(minutes=10).all_is_well()
        town.publish()
        assert ("02:10 EET" in before, "02:20 EET" in town.page()) == (True, True)

    def test_only_files_that_differ_are_written(self, town):
        town.publish()
        town.site.written.clear()
        town.after(minutes=11).all_is_well()
        town.publish()
        assert sorted(town.site.written) == ["ar/index.html", "index.html", "status.json"]

    def test_a_run_that_died_has_everything_written_again(self, town):
        town.publish()
        town.write("Some of the files change.")

        def die():
            town.site.fault = None
            raise OSError("the bucket is away")

        town.site.fault = die
        with pytest.raises(OSError, match="away"):
            town.publish()
        town.site.written.clear()
        assert town.publish().files == len(town.site.written) == 13

    def test_a_run_that_another_overtook_writes_everything_again(self, town):
        town.publish()
        town.after(minutes=1)
        town.looks("website", reason="dns")

        def overtake():
            town.site.fault = None
            town.write("Another run knows more.")
            town.publish()

        town.site.fault = overtake
        town.publish()
        assert "Another run knows more." in town.page()
        assert faults(store=town.world.store, website=town.site, now=town.world.clock.now()) == []

    def test_without_components_there_is_no_page(self, town):
        town.world.config = replace(town.world.config, status=type(town.world.config.status)())
        assert town.publish().outcome is Wrote.NO_PAGE

    def test_verifying_finds_what_is_missing_changed_or_old(self, town):
        def found():
            return faults(store=town.world.store, website=town.site, now=town.world.clock.now())

        assert found() == ["the page was never written"]
        town.publish()
        assert found() == []
        town.site.remove("feed.xml")
        town.site.put("index.html", b"defaced", content_type="text/html")
        town.after(minutes=13)
        assert [line.split()[0] for line in found()] == ["feed.xml", "index.html", "the"]


class TestOutages:
    def test_E85_two_places_that_fail_are_read_at_once_and_subscribers_are_told(self, town):
        town.publish()
        town.world.bus.messages.clear()
        town.after(minutes=1).looks("website", places=("cairo",), reason="dns")
        town.publish()
        assert town.posts == []
        town.looks("website", places=("paris",), reason="slow")
        assert town.published("status-changes")
        town.publish()
        assert status(town) == {"website": "outage", "apps": "works", "api": "works"}
        assert "Our checks see a disruption of Website" in town.page()
        assert "ترصد فحوصنا عطلًا في الموقع" in town.page("ar/index.html")
        assert town.published("status-mails") == [{"post": town.posts[0].id, "update": 0, "after": ""}]

    def test_whoever_needs_a_broken_part_is_affected(self, town):
        town.minutes(1, reason="status", target="api")
        assert status(town) == {"website": "degraded", "apps": "works", "api": "outage"}

    def test_it_is_taken_back_watched_and_ended(self, town):
        town.minutes(3, reason="dns")
        town.minutes(6)
        assert status(town)["website"] == "works"
        assert town.posts[0].stage is Stage.MONITORING
        town.minutes(15)
        assert town.posts[0].stage is Stage.RESOLVED
        assert "Everything works" in town.page()
        assert town.posts[0].id in town.page("history.html")

    def test_E85_it_is_not_ended_while_a_critical_incident_is_open(self, town):
        town.minutes(3, reason="dns")
        town.world.fires("other", alert_type="unknown.thing", severity=Severity.CRITICAL)
        town.minutes(60)
        assert town.posts[0].stage is Stage.MONITORING

    def test_an_open_incident_speaks_and_its_end_does_too(self, town):
        town.world.fires(title=HOSTILE)
        town.publish()
        assert status(town)["apps"] == "outage"
        (incident,) = town.world.incidents()
        act(Act(Action.RESOLVE, incident.id, "mona", "test"), **town.world.ports)
        town.minutes(6)
        assert status(town)["apps"] == "works"

    def test_nothing_that_came_from_outside_is_ever_published(self, town):
        town.world.fires(title=HOSTILE, summary="secret sauce", labels={"x": "secret label"})
        town.publish()
        everything = "".join(path.read_text() for path in town.site._root.rglob("*") if path.is_file())
        assert "alert(1)" not in everything
        assert "secret" not in everything

    @pytest.mark.parametrize("quiet", ["silenced", "inhibited", "window", "rehearsal", "mitigated"])
    def test_what_is_silenced_held_or_rehearsed_does_not_speak(self, town, quiet):
        world = town.world
        about = (Matcher("service", Operator.EQUAL, "app"),)
        if quiet == "silenced":
            silence(
                Wish(about, timedelta(hours=1), "mona", "known"),
                config=world.config,
                store=world.store,
                clock=world.clock,
            )
        if quiet == "window":
            town.plans(world.clock.now(), world.clock.now() + timedelta(hours=1), *about)
        if quiet == "inhibited":
            worse = (Matcher("alert_type", Operator.EQUAL, "worse.thing"),)
            world.config = replace(world.config, noise=Noise((Inhibition("worse", worse, about),)))
            world.fires("worse", alert_type="worse.thing", service="other")
        world.fires(source="test" if quiet == "rehearsal" else "firebase", labels={"rule": "crash_velocity"})
        if quiet == "mitigated":
            (incident,) = world.incidents()
            act(Act(Action.MITIGATE, incident.id, "mona", "test"), **world.ports)
        town.publish()
        assert world.incidents() != []
        assert town.posts == []
        assert status(town)["apps"] == ("maintenance" if quiet == "window" else "works")


class TestPersons:
    def test_a_person_goes_on_with_the_automatic_post_and_silences_it(self, town):
        town.minutes(1, reason="dns")
        town.write("A cable was cut.", stage=Stage.IDENTIFIED)
        town.minutes(40)
        (post,) = town.posts
        assert [update.author for update in post.updates] == ["soukmon", "mona"]
        assert post.stage is Stage.IDENTIFIED

    def test_E85_works_said_by_a_person_is_believed_for_thirty_minutes(self, town):
        town.minutes(1, reason="dns")
        town.write("It works, our checks are wrong.", stage=Stage.RESOLVED)
        town.minutes(29, reason="dns")
        assert status(town)["website"] == "works"
        assert len(town.posts) == 1
        town.minutes(1, reason="dns")
        assert status(town)["website"] == "outage"
        assert len(town.posts) == 2

    def test_a_new_post_needs_a_title_or_components(self, town):
        assert "write a title" in town.write(components=()).refused
        assert town.write(components=(), title=Bilingual("Mails are late")).post is not None

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"author": "board"}, "may not post"),
            ({"author": "nobody"}, "may not post"),
            ({"text": " "}, "nothing to read"),
            ({"components": ("moon",)}, "there is no component moon"),
            ({"condition": "fine"}, "is no condition"),
            ({"post": "unknown"}, "there is no post unknown"),
        ],
    )
    def test_what_cannot_be_posted_is_refused_and_leaves_nothing(self, town, changes, why):
        assert why in town.write(**changes).refused
        assert town.stored_posts == []

    def test_a_wish_with_a_key_happens_once_even_after_the_post_ended(self, town):
        town.write("First.", key="step-1")
        town.write("Over.", stage=Stage.RESOLVED, key="step-2")
        town.write("First.", key="step-1")
        (post,) = town.posts
        assert [update.text.en for update in post.updates] == ["First.", "Over."]

    def test_posts_about_one_incident_go_on_with_each_other(self, town):
        town.write("One.", components=(), title=Bilingual("T"), incident="i-1")
        town.write("Two.", components=(), incident="i-1")
        (post,) = town.posts
        assert len(post.updates) == 2
        town.publish()
        assert "i-1" not in town.page() + town.page("status.json")

    def test_what_a_person_writes_is_shown_as_text_everywhere(self, town):
        town.write(HOSTILE + "\x07\u202e", title=Bilingual(HOSTILE, "<b>عطل</b>"))
        town.publish()
        name = town.posts[0].id
        for page in ("index.html", "ar/index.html", f"incidents/{name}.html", "history.html", "feed.xml", "rss.xml"):
            assert "<script" not in town.page(page)
            assert "<b>عطل" not in town.page(page)
        assert "&lt;script&gt;" in town.page()
        for feed in ("feed.xml", "ar/feed.xml", "rss.xml", "ar/rss.xml"):
            assert HOSTILE in "".join(ET.fromstring(town.page(feed)).itertext())

    def test_a_reader_of_the_other_language_is_given_the_words_there_are(self, town):
        town.write("Only English.")
        town.publish()
        assert '<span lang="en" dir="auto">Only English.</span>' in town.page("ar/index.html")

    def test_a_person_may_say_that_something_is_degraded_until_the_post_ends(self, town):
        town.write("Slow.", condition=Condition.DEGRADED)
        town.publish()
        assert status(town)["website"] == "degraded"
        town.write("Fast.", stage=Stage.RESOLVED)
        town.publish()
        assert status(town)["website"] == "works"

    def test_a_post_is_on_the_record_of_acts(self, town):
        name = town.write().post.id
        rows = [row.body for row in town.world.store.find(Query("audited", order_by="seq"))]
        assert [(row["actor"], row["subject"]) for row in rows] == [("mona", name)]


class TestMaintenance:
    def test_a_window_is_listed_without_its_reason(self, town):
        now = town.world.clock.now()
        about = (Matcher("service", Operator.EQUAL, "web"),)
        town.plans(now + timedelta(days=2), now + timedelta(days=2, hours=1), *about, reason="the secret plan")
        town.publish()
        assert "Affected: Website" in town.page()
        assert "secret plan" not in town.page() + town.page("status.json")

    def test_while_it_is_open_its_parts_are_in_maintenance_and_failing_checks_say_nothing(self, town):
        now = town.world.clock.now()
        town.plans(now, now + timedelta(minutes=30))
        town.minutes(5, reason="status")
        assert status(town)["website"] == "maintenance"
        assert town.posts == []
        town.minutes(26, reason="status")
        assert status(town)["website"] == "outage"


class TestChecks:
    def test_checks_that_stop_are_not_called_well(self, town):
        town.publish()
        town.after(minutes=6)
        town.publish()
        assert status(town)["website"] == "unknown"

    def test_E86_a_target_that_two_places_cannot_reach_is_an_alert_with_its_reasons_and_ends(self, town):
        town.looks("website", places=("cairo",), reason="dns")
        town.after(seconds=5).looks("website", places=("paris",), reason="redirect_loop")
        town.looks("website", places=("rome",), reason="dns")
        signals = town.published("signals")
        assert [(one["alert_type"], one["service"], one["values"]["reason"]) for one in signals] == [
            ("monitoring.uptime", "website", "dns,redirect_loop")
        ]
        assert "its name is not found, it redirects in circles" in signals[0]["title"]
        town.after(minutes=1).looks("website", places=("cairo", "paris", "rome"))
        assert [one["kind"] for one in town.published("signals")] == ["firing", "resolved"]

    def test_E86_each_notice_about_a_certificate_is_told_once_and_ends_with_the_new_one(self, town):
        end = town.world.clock.now() + timedelta(days=31)
        for _ in range(31 * 4):
            town.after(hours=6).looks("website", certificate_ends=end)
        told = [(one["alert_type"], one["values"]["days_left"]) for one in town.published("signals")]
        urgent = "soukmon.certificate_urgent"
        assert told == [("soukmon.certificate", "30"), ("soukmon.certificate", "14"), (urgent, "7"), (urgent, "1")]
        town.world.bus.messages.clear()
        town.looks("website", places=("rome",), certificate_ends=end + timedelta(days=90))
        over = town.published("signals")
        assert [one["kind"] for one in over] == ["resolved"] * 4

    def test_the_warehouse_gets_every_check_and_the_page_does_not_wait_for_it(self, town):
        town.rows.rows.clear()
        town.rows.fault = OSError("the warehouse is away")
        with pytest.raises(OSError, match="away"):
            town.after(minutes=1).looks("website", reason="dns")
        town.publish()
        assert status(town)["website"] == "outage"
        town.rows.fault = None
        town.looks("website", reason="dns")
        assert [(row["target"], row["place"], row["ok"], row["reason"]) for row in town.rows.rows] == [
            ("website", "cairo", False, "dns"),
            ("website", "paris", False, "dns"),
        ]

    def test_posted_checks_count_once_and_unknown_targets_are_refused(self, town):
        posted = [checks.Check("website", "rome", town.world.clock.now(), "dns")]
        assert checks.take_posted(posted, nonce="n1", ports=town.checking) == 1
        with pytest.raises(RefusedError, match="taken before"):
            checks.take_posted(posted, nonce="n1", ports=town.checking)
        with pytest.raises(UndecodableError, match="no probe moon"):
            checks.take_posted([replace(posted[0], target="moon")], nonce="n2", ports=town.checking)

    def test_our_own_place_looks_at_every_address(self, town):
        class Prober:
            def look(self, url, *, slow_after, contains, lacks):
                return Probed("" if "api" in url else "slow", 12.0)

        assert checks.probe_all(Prober(), place="here", ports=town.checking) == 1
        assert {(row["target"], row["reason"]) for row in town.rows.rows if row["place"] == "here"} == {
            ("website", "slow"), ("api", ""),
        }  # fmt: skip
