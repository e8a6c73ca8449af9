"""Reviews of the continuity plan: by whom, when, on a record that cannot be changed unnoticed."""

import threading
from datetime import timedelta

import pytest

from shared import bootstrap
from shared.adapters.folder import FolderObjects
from shared.adapters.sqlite_state import SqliteState
from shared.cli import continuity  # noqa: F401 - registers the commands
from shared.cli.main import run
from shared.errors import RefusedError
from shared.ports.store import Query
from shared.usecases.audited import AUDITED
from shared.usecases.continuity import MOST_WORDS, continuity_reviews, last_continuity_review, record_review
from shared.usecases.verify import verify

DAY = timedelta(days=1)


def reviews(world, by="omar", note="phone numbers are old"):
    return record_review(by, note, config=world.config, store=world.store, clock=world.clock)


def acts(world):
    return [row.body for row in world.store.find(Query(AUDITED, order_by="seq"))]


def test_a_review_that_was_never_made_is_no_date(world):
    assert last_continuity_review(world.store) is None


def test_a_review_is_on_the_audited_record_and_its_note_beside_it(world, tmp_path):
    made = reviews(world)
    assert last_continuity_review(world.store) == made.at == world.clock.now()
    assert [(one["actor"], one["act"]) for one in acts(world)] == [("omar", "continuity plan reviewed")]
    assert "phone numbers" not in str(acts(world))
    assert verify(store=world.store, objects=FolderObjects(tmp_path / "seals")).faults == ()


def test_the_newest_of_several_counts(world):
    reviews(world, note="first")
    world.clock.advance(40 * DAY)
    reviews(world, "mona", "second")
    assert [(one.by, one.note) for one in continuity_reviews(world.store)] == [("mona", "second"), ("omar", "first")]
    assert last_continuity_review(world.store) == world.clock.now()


@pytest.mark.parametrize(("by", "note"), [("stranger", "fine"), ("board", "fine"), ("omar", "x" * (MOST_WORDS + 1))])
def test_a_stranger_an_observer_and_an_endless_note_are_refused_and_nothing_is_kept(world, by, note):
    with pytest.raises(RefusedError):
        reviews(world, by, note)
    assert last_continuity_review(world.store) is None
    assert acts(world) == []


def test_two_at_once_are_both_on_the_chain(world, tmp_path):
    other = SqliteState(tmp_path / "state.db")
    faults = []

    def one(by, store, at):
        try:
            record_review(by, "", config=world.config, store=store, clock=at)
        except Exception as error:  # noqa: BLE001 - told below
            faults.append(error)

    class Later:
        def now(self):
            return world.clock.now() + DAY

    turns = [
        threading.Thread(target=one, args=("omar", world.store, world.clock)),
        threading.Thread(target=one, args=("mona", other, Later())),
    ]
    for turn in turns:
        turn.start()
    for turn in turns:
        turn.join()
    assert faults == []
    assert sorted(one["actor"] for one in acts(world)) == ["mona", "omar"]


@pytest.fixture
def folder(tmp_path):
    SqliteState(tmp_path / "state.db")
    yield str(tmp_path)
    bootstrap.install()


def test_the_command_records_and_shows(folder, capsys):
    person = next(iter(bootstrap.config().directory.people))
    assert run(["continuity", "show", "--state", folder]) == 1
    assert run(["continuity", "reviewed", "--by", person, "--note", "whole plan\nread", "--state", folder]) == 0
    assert run(["continuity", "show", "--state", folder]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "the continuity plan was never reviewed"
    assert out[2].endswith(f"{person}  whole plan read")


def test_a_stranger_is_refused_in_one_line(folder, capsys):
    assert run(["continuity", "reviewed", "--by", "nobody-at-all", "--note", "x", "--state", folder]) == 2
    assert capsys.readouterr().err.startswith("soukmon: 'nobody-at-all' may not")
