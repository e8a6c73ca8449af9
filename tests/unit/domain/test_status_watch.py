"""When the public is told that something is broken, and when that is taken back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.status import (
    Bilingual,
    Component,
    Condition,
    Patience,
    Post,
    Sentence,
    Stage,
    Update,
    circle,
    conditions,
    layers,
    overall,
)
from shared.domain.status_checks import Check, Seen, Tally, Watched, notice_due, seen, taken
from shared.domain.status_watch import Scene, Sight, Standing, announce, condition_of, look, stand

NOW = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PATIENCE = Patience()
WEBSITE = Component("website", Bilingual("Website", "الموقع"), needs=("api",), probes=("website",))
API = Component("api", Bilingual("Services", "الخدمات"), needs=("database",), probes=("api",))
DATABASE = Component("database", Bilingual("Database", "البيانات"))
PARTS = {one.id: one for one in (WEBSITE, API, DATABASE)}


def checked(*looks, target="website", now=NOW):
    """(place, minutes ago, reason) ..."""
    checks = [Check(target, place, now - ago * MINUTE, reason) for place, ago, reason in looks]
    return taken(Watched(target), checks, now)


def scene(now=NOW, **changes):
    return Scene(PARTS, PATIENCE, now, **changes)


def well(now=NOW):
    return {
        target: checked(("cairo", 0, ""), ("paris", 0, ""), target=target, now=now) for target in ("website", "api")
    }


class TestLooks:
    @pytest.mark.parametrize(
        ("looks", "found"),
        [
            ([("cairo", 0, "dns"), ("paris", 1, "slow")], Seen.FAILS),
            ([("cairo", 0, "dns")], Seen.ONE_PLACE),
            ([("cairo", 0, "dns"), ("cairo", 1, "dns")], Seen.ONE_PLACE),
            ([("cairo", 0, "dns"), ("paris", 0, "")], Seen.ONE_PLACE),
            ([("cairo", 0, "dns"), ("paris", 0, ""), ("riyadh", 0, "")], Seen.WELL),
            ([("cairo", 0, ""), ("cairo", 1, "dns"), ("paris", 0, "")], Seen.WELL),
            ([("cairo", 6, "dns"), ("paris", 6, "dns")], Seen.SILENT),
            ([("cairo", 0, "dns"), ("paris", 6, "dns")], Seen.ONE_PLACE),
            ([], Seen.NEVER),
        ],
    )
    def test_E85_only_the_newest_checks_of_two_places_make_an_outage(self, looks, found):
        assert seen(checked(*looks), PATIENCE, NOW) is found

    def test_an_incident_named_for_a_component_speaks_whatever_the_checks_say(self):
        assert look(WEBSITE, Standing(), scene(watched=well(), speaking=frozenset({"website"}))) is Sight.INCIDENT

    def test_failing_checks_say_nothing_while_maintenance_is_open_but_an_incident_does(self):
        down = {"website": checked(("cairo", 0, "dns"), ("paris", 0, "dns"))}
        window = frozenset({"website"})
        assert look(WEBSITE, Standing(), scene(watched=down)) is Sight.CHECKS_FAIL
        assert look(WEBSITE, Standing(), scene(watched=down, in_maintenance=window)) is Sight.MAINTENANCE
        speaking = scene(watched=down, in_maintenance=window, speaking=window)
        assert look(WEBSITE, Standing(), speaking) is Sight.INCIDENT

    def test_a_person_s_word_is_believed_for_a_while_against_everything(self):
        down = {"website": checked(("cairo", 0, "dns"), ("paris", 0, "dns"))}
        believed = Standing(broken=True, believed_until=NOW + MINUTE)
        assert look(WEBSITE, believed, scene(watched=down)) is Sight.BELIEVED
        assert look(WEBSITE, replace(believed, believed_until=NOW), scene(watched=down)) is Sight.CHECKS_FAIL


def after(standing, *sights):
    """The standing after a look each minute from NOW on."""
    for number, sight in enumerate(sights):
        standing = stand(standing, sight, PATIENCE, NOW + number * MINUTE)
    return standing


class TestStandings:
    def test_an_outage_is_taken_back_after_five_calm_minutes(self):
        broken = after(Standing(), Sight.CHECKS_FAIL)
        assert after(broken, *[Sight.WELL] * 5).broken
        assert not after(broken, *[Sight.WELL] * 6).broken

    @pytest.mark.parametrize("sight", [Sight.SILENT, Sight.ONE_PLACE, Sight.MAINTENANCE, Sight.CHECKS_FAIL])
    def test_what_is_not_well_begins_the_calm_anew(self, sight):
        broken = after(Standing(), Sight.CHECKS_FAIL)
        assert after(broken, *[Sight.WELL] * 4, sight, *[Sight.WELL] * 4).broken
        assert after(broken, *[sight] * 60).broken

    def test_E85_checks_that_stopped_never_take_an_outage_back(self):
        assert after(Standing(), Sight.CHECKS_FAIL, *[Sight.SILENT] * 600).broken

    def test_the_wait_doubles_each_time_it_comes_back_up_to_an_hour_and_is_forgotten_after_one(self):
        waits, standing, now = [], Standing(), NOW
        for _ in range(6):
            standing = stand(standing, Sight.CHECKS_FAIL, PATIENCE, now)
            waits.append(standing.calm_for)
            while standing.broken:
                now += MINUTE
                standing = stand(standing, Sight.WELL, PATIENCE, now)
        assert waits == [timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60, 60)]
        again = stand(standing, Sight.CHECKS_FAIL, PATIENCE, now + timedelta(hours=1))
        assert again.calm_for == PATIENCE.calm

    def test_what_nobody_ever_checked_goes_by_its_incidents_alone(self):
        unchecked = look(WEBSITE, Standing(), scene())
        assert unchecked is Sight.UNCHECKED
        assert not after(Standing(), Sight.INCIDENT, *[unchecked] * 6).broken

    def test_a_person_s_word_ends_it_at_once(self):
        assert not after(after(Standing(), Sight.INCIDENT), Sight.BELIEVED).broken

    def test_what_the_looks_say_of_a_component(self):
        said = {sight: condition_of(after(Standing(), sight)) for sight in Sight}
        assert said[Sight.CHECKS_FAIL] is said[Sight.INCIDENT] is Condition.OUTAGE
        assert said[Sight.SILENT] is said[Sight.UNCHECKED] is Condition.UNKNOWN
        assert said[Sight.MAINTENANCE] is Condition.MAINTENANCE
        assert said[Sight.WELL] is said[Sight.ONE_PLACE] is Condition.WORKS
        assert condition_of(Standing()) is Condition.UNKNOWN


BROKEN, MENDED = Standing(broken=True), Standing()


def said(*broken, posts=(), now=NOW, critical=False):
    standings = {name: BROKEN if name in broken else MENDED for name in PARTS}
    return announce(posts, standings, scene(now, critical=critical))


def last(posts):
    (post,) = posts
    return (post.updates[-1].sentence, post.stage)


def by_hand(post, stage=Stage.IDENTIFIED):
    return replace(post, updates=(*post.updates, Update(NOW, stage, "mona", text=Bilingual("We know."))))


class TestPosts:
    def test_E85_what_breaks_is_posted_once_and_what_breaks_further_joins_it(self):
        first = said("website")
        assert last(first) == (Sentence.BEGAN, Stage.INVESTIGATING)
        assert said("website", posts=first) == []
        joined = said("website", "api", posts=first)
        assert last(joined) == (Sentence.SPREAD, Stage.INVESTIGATING)
        assert joined[0].components == ("website", "api")

    def test_it_is_watched_for_fifteen_minutes_before_it_ends(self):
        watching = said(posts=said("website"))
        assert last(watching) == (Sentence.WORKS_AGAIN, Stage.MONITORING)
        assert said(posts=watching, now=NOW + 14 * MINUTE) == []
        over = said(posts=watching, now=NOW + 15 * MINUTE)
        assert last(over) == (Sentence.OVER, Stage.RESOLVED)
        assert not over[0].is_open

    def test_E85_it_never_ends_by_itself_while_a_critical_incident_is_open(self):
        watching = said(posts=said("website"))
        assert said(posts=watching, now=NOW + timedelta(days=3), critical=True) == []
        assert last(said(posts=watching, now=NOW + timedelta(days=3)))[1] is Stage.RESOLVED

    def test_what_comes_back_while_it_is_watched_is_the_same_incident(self):
        watching = said(posts=said("website"))
        assert last(said("website", posts=watching, now=NOW + MINUTE)) == (Sentence.CAME_BACK, Stage.INVESTIGATING)

    def test_E85_after_a_person_wrote_only_persons_write(self):
        (post,) = said("website")
        assert said(posts=[by_hand(post)], now=NOW + timedelta(hours=5)) == []
        assert said("website", posts=[by_hand(post)], now=NOW + timedelta(hours=5)) == []

    def test_what_a_person_s_post_does_not_name_gets_one_of_its_own(self):
        (post,) = said("website")
        new = said("website", "api", posts=[by_hand(post)], now=NOW + MINUTE)
        assert new[0].components == ("api",)
        assert new[0].id != post.id

    def test_what_is_still_broken_after_a_person_ended_it_is_posted_anew(self):
        (post,) = said("website")
        ended = replace(by_hand(post, Stage.RESOLVED), ended_at=NOW)
        assert last(said("website", posts=[ended], now=NOW + 30 * MINUTE)) == (Sentence.BEGAN, Stage.INVESTIGATING)


class TestConditions:
    def test_whoever_needs_a_broken_part_is_degraded_however_far_away(self):
        told = conditions(PARTS, {"database": Condition.OUTAGE, "api": Condition.WORKS, "website": Condition.WORKS}, [])
        assert told == {"website": Condition.DEGRADED, "api": Condition.DEGRADED, "database": Condition.OUTAGE}

    def test_what_nobody_looked_at_yet_is_not_called_well(self):
        assert set(conditions(PARTS, {}, []).values()) == {Condition.UNKNOWN}

    def test_a_person_s_word_makes_it_worse_until_the_post_ends(self):
        looked = dict.fromkeys(PARTS, Condition.WORKS)
        post = Post("p", NOW, ("website",), condition=Condition.DEGRADED)
        assert conditions(PARTS, looked, [post])["website"] is Condition.DEGRADED
        assert conditions(PARTS, looked, [replace(post, ended_at=NOW)])["website"] is Condition.WORKS

    def test_the_page_is_as_well_as_its_worst_part(self):
        assert overall([Condition.WORKS, Condition.OUTAGE, Condition.DEGRADED]) is Condition.OUTAGE
        assert overall([Condition.WORKS, Condition.UNKNOWN]) is Condition.UNKNOWN
        assert overall([]) is Condition.UNKNOWN

    def test_the_map_puts_below_what_others_need_and_circles_are_seen(self):
        assert [[one.id for one in row] for row in layers(PARTS)] == [["website"], ["api"], ["database"]]
        assert circle(PARTS) == ()
        assert circle({**PARTS, "database": replace(DATABASE, needs=("website",))}) == (
            "website", "api", "database", "website",
        )  # fmt: skip


class TestBars:
    def test_a_check_that_comes_twice_or_late_is_counted_once(self):
        once = checked(("cairo", 3, ""), ("cairo", 2, "dns"), ("paris", 2, ""))
        assert once.days == {"2026-03-10": Tally(2, 1)}
        again = taken(once, [Check("website", "cairo", NOW - 2 * MINUTE, "dns")], NOW)
        assert again == once

    def test_days_are_egypt_s_and_after_ninety_of_them_they_are_forgotten(self):
        evening = datetime(2026, 3, 9, 21, 59, tzinfo=UTC)  # 23:59 in Cairo
        kept = taken(Watched("w"), [Check("w", "c", evening), Check("w", "c", evening + MINUTE)], NOW)
        assert list(kept.days) == ["2026-03-09", "2026-03-10"]
        assert list(taken(kept, [], NOW + timedelta(days=89)).days) == ["2026-03-10"]

    def test_a_share_of_nothing_is_no_share(self):
        assert Tally().share is None
        assert Tally(999, 1).share == 99.9


class TestCertificates:
    def test_E86_each_notice_is_due_once_at_30_14_7_and_1_days(self):
        watched, told = replace(Watched("w"), certificate_ends=NOW + timedelta(days=40)), []
        for hour in range(41 * 24):
            now = NOW + timedelta(hours=hour)
            due = notice_due(watched, now)
            if due is not None:
                told.append((due, hour // 24))
                watched = replace(watched, noticed=(*watched.noticed, due))
        assert told == [(30, 10), (14, 26), (7, 33), (1, 39)]

    def test_after_a_week_without_a_look_only_the_most_urgent_is_told(self):
        watched = Watched("w", certificate_ends=NOW + timedelta(days=6))
        assert notice_due(watched, NOW) == 7
        assert notice_due(replace(watched, noticed=(7,)), NOW) is None

    def test_a_new_certificate_begins_anew(self):
        old = Watched("w", certificate_ends=NOW + timedelta(days=5), noticed=(30, 14, 7))
        new = taken(old, [Check("w", "c", NOW, certificate_ends=NOW + timedelta(days=90))], NOW)
        assert (new.noticed, notice_due(new, NOW)) == ((), None)
