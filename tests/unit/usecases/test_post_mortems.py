"""A post-mortem from the end of an incident to its completion, each step on the incident's record."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.folder import FolderObjects
from shared.domain import stories
from shared.domain.incidents import Acked
from shared.domain.post_mortems import Edited, PostMortemOutcome, PostMortemRules, Section
from shared.domain.reviews import Month
from shared.domain.severities import Severity
from shared.domain.tasks import TaskKind
from shared.domain.verifying import Wrong
from shared.ports.store import Delete, Put
from shared.usecases import changes, diagnose
from shared.usecases.act import Act, Action, act
from shared.usecases.follow_up import FollowedUp, follow_up
from shared.usecases.monthly_review import review_of
from shared.usecases.post_mortems import (
    POST_MORTEMS,
    REVISIONS,
    Desk,
    complete_post_mortem,
    read_post_mortem,
    story_of,
    write_post_mortem,
)
from shared.usecases.records import BULLETINS, timeline_of
from shared.usecases.tasks import TaskPorts, TaskWish, open_task
from shared.usecases.verify import verify
from shared.usecases.walking import walk
from tests.conftest import configuration

DUE = {Severity.CRITICAL: timedelta(hours=24), Severity.HIGH: timedelta(weeks=1)}
RULES = PostMortemRules(DUE, readers=("team:engineering", "person:boss"))


@pytest.fixture
def ended(world):
    """A critical incident that mona took over and resolved."""
    world.config = configuration(post_mortems=RULES)
    world.fires()
    world.pump()
    [incident] = world.incidents()
    for action in (Action.ACKNOWLEDGE, Action.RESOLVE):
        world.clock.advance(timedelta(minutes=10))
        act(Act(action, incident.id, "mona", "slack"), **world.ports)
    return incident.id


def follow(world):
    return follow_up(**world.ports, pages_url="https://monitoring.example")


def desk(world, person="mona"):
    return Desk(world.config, world.store, world.clock, person)


def write(world, incident, base=0, person="mona", **sections):
    return write_post_mortem(Edited(incident, base, {Section(k): v for k, v in sections.items()}), desk(world, person))


def bulletins(world):
    return [row.body for row in walk(world.store, BULLETINS)]


def test_the_draft_is_made_when_the_incident_is_over_and_its_owner_is_told_once(world, ended):
    assert follow(world) == FollowedUp(1, 0, 0)
    assert follow(world) == FollowedUp(0, 0, 0)
    mortem = read_post_mortem(world.store, ended)
    assert (mortem.owner, mortem.revision) == ("mona", 0)
    assert mortem.due_at == world.incident(ended).resolved_at + timedelta(hours=24)
    assert timeline_of(world.store, ended)[-1].reason == PostMortemOutcome.OPENED
    [told] = bulletins(world)
    assert told["link"] == f"https://monitoring.example/incidents/{ended}/post-mortem"
    assert "broke" not in str(told)  # a notice names the incident and does not describe it
    assert [(row.recipient, row.channel) for row in world.ledger() if row.bulletin] == [("mona", "slack")]


def test_what_goes_on_or_is_of_another_severity_gets_none(world):
    world.config = configuration(post_mortems=RULES)
    world.fires("going on")
    world.fires("slow", alert_type="log.request_5xx")
    for incident in world.incidents():
        if incident.severity is Severity.MEDIUM:
            act(Act(Action.RESOLVE, incident.id, "mona", "slack"), **world.ports)
    assert follow(world).opened == 0


def test_its_owner_is_reminded_before_it_is_due_when_it_is_and_each_day_after(world, ended):
    follow(world)
    start, hours = world.clock.now(), []
    for hour in range(1, 75):
        world.clock.advance(timedelta(hours=1))
        if follow(world).reminded:
            hours.append(hour)
    assert hours == [18, 24, 48, 72]
    late = [told["texts"]["en"]["title"] for told in bulletins(world) if "overdue" in told["texts"]["en"]["title"]]
    assert len(late) == 3
    assert world.clock.now() - start == timedelta(hours=74)
    assert not [row for row in world.ledger() if row.bulletin and row.channel in {"sms", "voice"}]


def test_what_is_written_is_a_revision_with_its_author_and_its_hash_on_the_record(world, ended):
    follow(world)
    assert write(world, ended, causes="A null in the cart.").happened
    assert write(world, ended, 1, "omar", causes="A null in the cart.", went_well="The page was quick.").happened
    mortem = read_post_mortem(world.store, ended)
    assert (mortem.revision, mortem.written_by) == (2, "omar")
    kept = [row.body for row in walk(world.store, REVISIONS)]
    assert [(row["revision"], row["by"], sorted(row["sections"])) for row in kept] == [
        (1, "mona", ["causes"]),
        (2, "omar", ["causes", "went_well"]),
    ]
    last = timeline_of(world.store, ended)[-1]
    assert (last.actor, last.reason) == ("omar", PostMortemOutcome.WRITTEN)
    assert last.detail.startswith("revision 2, SHA-256 ")


def test_two_who_write_at_once_do_not_overwrite_each_other(world, ended):
    follow(world)
    assert write(world, ended, causes="mine").happened
    answer = write(world, ended, 0, "omar", causes="his")
    assert (answer.outcome, answer.happened) == (PostMortemOutcome.WRITTEN_MEANWHILE, False)
    assert read_post_mortem(world.store, ended).sections == {"causes": "mine"}


def test_it_is_completed_by_a_person_once_causes_and_actions_are_there(world, ended):
    def complete(**how):
        return complete_post_mortem(ended, desk(world), **how).outcome

    assert complete() == PostMortemOutcome.NOT_OPENED
    follow(world)
    assert complete() == PostMortemOutcome.NO_CAUSES
    write(world, ended, causes="A null in the cart.")
    assert complete() == PostMortemOutcome.NO_ACTIONS
    ports = TaskPorts(world.config, world.store, world.bus, world.clock)
    open_task(TaskWish(ended, "a test of the cart", "mona", TaskKind.ACTION), ports)
    assert complete() == PostMortemOutcome.COMPLETED
    assert complete() == PostMortemOutcome.COMPLETED_BEFORE
    assert timeline_of(world.store, ended)[-1].actor == "mona"
    world.clock.advance(timedelta(days=9))
    assert follow(world).reminded == 0


def test_why_nothing_follows_is_on_the_record(world, ended):
    follow(world)
    write(world, ended, causes="The vendor's outage.")
    assert complete_post_mortem(ended, desk(world), no_action="the vendor has mended it").happened
    assert timeline_of(world.store, ended)[-1].detail == "no action because: the vendor has mended it"


def test_observers_and_strangers_write_nothing(world, ended):
    for person in ("board", "nobody"):
        assert write(world, ended, 0, person, causes="x").outcome == Acked.NOT_ENTITLED
    assert write(world, "INC-0", causes="x").outcome == Acked.UNKNOWN_INCIDENT
    assert list(walk(world.store, POST_MORTEMS)) == []


def test_an_incident_that_asks_for_none_may_be_given_one_by_writing_it(world):
    world.config = configuration(post_mortems=RULES)
    world.fires("slow", alert_type="log.request_5xx")
    [incident] = world.incidents()
    assert write(world, incident.id, causes="A slow query.").happened
    assert read_post_mortem(world.store, incident.id).owner == "mona"


def test_the_story_is_the_records_and_a_draft_is_not_kept_by_looking(world, ended):
    story = story_of(ended, config=world.config, store=world.store, now=world.clock.now())
    assert not story.is_kept
    assert story.elapsed.acknowledged == timedelta(minutes=10)
    assert story.elapsed.resolved == timedelta(minutes=20)
    assert story.elapsed.mitigated is None
    assert story.lines[0].event == "opened"
    assert list(walk(world.store, POST_MORTEMS)) == []
    assert story_of("INC-0", config=world.config, store=world.store, now=world.clock.now()) is None


def test_the_whole_life_of_a_post_mortem_leaves_the_chain_whole(world, ended, tmp_path):
    follow(world)
    write(world, ended, causes="x")
    complete_post_mortem(ended, desk(world), no_action="nothing to mend")
    assert verify(store=world.store, objects=FolderObjects(tmp_path)).faults == ()


def test_E90_a_revision_that_was_changed_or_is_gone_is_named(world, ended, tmp_path):
    def faults():
        return {f.record: f.wrong for f in verify(store=world.store, objects=FolderObjects(tmp_path)).faults}

    write(world, ended, causes="A null.")
    write(world, ended, 1, causes="A null, and no test.")
    assert faults() == {}
    changed = {**world.store.get(REVISIONS, f"{ended}-0001").body, "sections": {"causes": "Nobody's fault."}}
    world.store.commit([Put(REVISIONS, f"{ended}-0001", changed), Delete(REVISIONS, f"{ended}-0002")])
    assert faults() == {f"{REVISIONS}/{ended}-0001": Wrong.ALTERED, f"{REVISIONS}/{ended}-0002": Wrong.MISSING}


def test_changes_and_diagnoses_stand_under_the_causes_by_the_words_that_the_record_uses():
    assert (stories.CHANGE, stories.DIAGNOSIS) == (changes.LINKED, diagnose.EVENT)


def test_the_months_review_is_mailed_to_its_readers_once_on_the_first(world, ended):
    follow(world)
    for _ in range(3):
        world.clock.advance(timedelta(days=1))
        world.fires("again", event=str(world.clock.now()))
        act(Act(Action.RESOLVE, world.incidents()[-1].id, "mona", "slack"), **world.ports)
        follow(world)
    first = datetime(2026, 4, 1, 7, 0, tzinfo=UTC)
    world.clock.advance(first - timedelta(minutes=10) - world.clock.now())
    assert follow(world).reviews == 0
    world.clock.advance(timedelta(minutes=10))
    assert follow(world).reviews == 3
    assert follow(world).reviews == 0
    mails = [row for row in world.ledger() if row.bulletin == "post-mortem-review-2026-03"]
    assert {row.recipient for row in mails} == {"lead", "omar", "boss"}
    review = review_of(Month(2026, 3), config=world.config, store=world.store, now=first)
    assert len(review.ended) == 4
    assert len(review.overdue) == 4
    assert review.repeats == (("crash_velocity", 4),)


def test_without_readers_nobody_is_mailed(world, ended):
    world.config = replace(world.config, post_mortems=PostMortemRules(DUE))
    world.clock.advance(datetime(2026, 4, 1, 8, 0, tzinfo=UTC) - world.clock.now())
    assert follow(world).reviews == 0


def test_a_draft_whose_owner_left_goes_to_the_default_contact(world, ended):
    follow(world)
    gone = {name: person for name, person in world.config.directory.people.items() if name != "mona"}
    world.config = replace(world.config, directory=replace(world.config.directory, people=gone))
    world.clock.advance(timedelta(hours=30))
    assert follow(world).reminded == 1
    assert [row.recipient for row in world.ledger() if row.bulletin][-1] == "lead"


def test_a_crash_between_two_drafts_loses_none(world, ended):
    follow(world)
    world.store.commit([Delete(POST_MORTEMS, ended), Delete(BULLETINS, f"{ended}-post-mortem")])
    world.store.commit([Delete("notifications", row.id) for row in world.ledger() if row.bulletin])
    assert follow(world).opened == 1
