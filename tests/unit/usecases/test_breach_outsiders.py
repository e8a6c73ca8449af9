"""Whoever is not of the response team can do nothing to a restricted incident, and learns nothing of it, at any door."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.folder import FolderObjects
from shared.adapters.indexes import INDEXES
from shared.adapters.sqlite_state import SqliteState
from shared.domain.acting import By
from shared.domain.calls import PhoneCall
from shared.domain.containment import Kind
from shared.domain.drafts import DraftText
from shared.domain.incidents import Role
from shared.domain.matchers import parse
from shared.domain.notifications import Channel, LedgerState
from shared.domain.oncall import Person
from shared.domain.post_mortems import Edited, Section
from shared.domain.procedures import Doing, Procedure, Procedures, ProcedureStep
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.domain.slack_requests import SlackAction, SlackCommand, SlackSubmission
from shared.errors import RefusedError
from shared.ports.store import Put, Query
from shared.rendering.slack_modal import CALLBACK
from shared.usecases import breaches
from shared.usecases.acknowledge_page import respond
from shared.usecases.act import Act, Action, act
from shared.usecases.answer_call import answer as answer_call
from shared.usecases.breach_evidence import keep_evidence
from shared.usecases.breach_records import all_breaches
from shared.usecases.breaches import Wish
from shared.usecases.containment import Ports, ask, confirm_measure, propose_measure
from shared.usecases.drafts import DraftWish, approve_draft, drafts_of, edit_draft, reject_draft
from shared.usecases.links import acknowledge_url
from shared.usecases.planning import template
from shared.usecases.post_mortems import Desk as MortemDesk
from shared.usecases.post_mortems import complete_post_mortem, write_post_mortem
from shared.usecases.procedures import StepWish, finish_step, skip_step, start_procedure
from shared.usecases.records import NOTIFICATIONS, body_of
from shared.usecases.slack_actions import answer
from shared.usecases.slack_commands import COMMANDS
from shared.usecases.tasks import TaskPorts, TaskWish, finish_task, open_task, put_off_task, reassign_task
from tests.unit.usecases.breach_world import SECRET, BreachWorld, renamed, with_team

OUTSIDER, SLACK = "boss", "U0BOSS"
KEYS = ("k" * 32,)
HOURS = timedelta(hours=4)
NEVER = "INC-20260310-00000000"  # nothing of this name was ever there


def step(name, by="role:commander", **changes):
    return ProcedureStep(name, {"en": name, "ar": name}, by, HOURS, **changes)


STEPS = (step("notice_draft", "automatic", act=Doing.DRAFT_CUSTOMER_NOTICE), step("contained", two_persons=True))
BREACH = Procedure("breach", {"en": "Breach", "ar": "حادث"}, STEPS, ((parse('alert_type="security.breach"'),),))
OUTAGE = Procedure("outage", {"en": "Outage", "ar": "انقطاع"}, (step("root_cause"),))
CUSTOMERS = Person("audience_customers", "Customers", "list@souk.example", roles=("observer",))
WORDS = {"en": DraftText("Other", ("words",)), "ar": DraftText("غير", ("ذلك",))}


@pytest.fixture
def world(tmp_path, clock):
    base = with_team(procedures=Procedures({"breach": BREACH, "outage": OUTAGE}))
    people = {**base.directory.people, CUSTOMERS.id: CUSTOMERS}
    made = BreachWorld(SqliteState(tmp_path / "state.db"), clock, config=base)
    made.config = replace(base, directory=replace(base.directory, people=people))
    made.config = renamed(made, **{OUTSIDER: {"slack_user": SLACK}})
    return made


@pytest.fixture
def name(world):
    """A breach with everything that one can have: a draft, a task, a step that one person asked for, a measure."""
    incident = world.fires("sink", **SECRET).incident
    world.pump()
    world.tick(minutes=1)
    finish_step(StepWish(incident, "contained", "mona", "test", "sessions are over"), **world.ports)
    open_task(TaskWish(incident, "look at the ledger", "mona"), TaskPorts(**world.ports))
    ask(all_breaches(world.store)[0].id, Kind.REVOKE_SESSIONS, ["u1"], by="mona", ports=Ports(**world.ports))
    world.pump()
    return incident


@pytest.fixture
def other(world, name):
    """An incident that everybody may see."""
    found = world.fires("crash").incident
    world.pump()
    return found


def everything(world):
    """All that is kept, but for the record of requests and the answers to the person who asked."""
    kept = {}
    for collection in sorted(INDEXES):
        for row in world.store.find(Query(collection, limit=10_000)):
            if collection != "nonces" and row.body.get("reason") != Notify.REPLY:
                kept[collection, row.id] = (row.version, row.body)
    return kept


def the_task(world):
    (task,) = world.store.find(Query("tasks", limit=5))
    return task.id


def the_measure(world):
    (measure,) = world.store.find(Query("containments", limit=5))
    return measure.id


# Every word of /incident that is about an incident; {} is its id, {draft}, {task} and {breach} what belongs to it.
TYPED = {
    "show": "{}", "ack": "{}", "snooze": "{} 30m", "escalate": "{}", "resolve": "{}", "note": "{} hello",
    "assign": "{} mona", "breach": "{}", "mitigate": "{} how", "reopen": "{} why", "close": "{}",
    "merge": "{} into {other}", "severity": "{} low why", "role": "{} commander", "task": "{} do it",
    "action": "{} do it", "tasks": "{}", "done": "{task}", "retask": "{task} due=3h", "procedure": "{}",
    "step": "{} contained yes", "skip": "{} contained no", "drafts": "{}", "approve": "{draft}",
    "reject": "{draft} no", "edit": "{draft} en Title | Text", "silence": "{} for 2h why", "post-mortem": "{}",
}  # fmt: skip
MORE_TYPED = (
    "merge {other} into {}", "procedure {} start outage", "breach show {breach}", "breach contain {breach} revoke-sessions u",
    "breach reported {breach}", "breach stand-down {breach} why", "breach close {breach}", "breach propose {measure}",
    "breach confirm {measure} 1",
)  # fmt: skip
ABOUT_NONE = {
    "help", "list", "oncall", "take", "give-back", "silences", "unsilence", "window", "dead-letters", "stats",
}  # fmt: skip


def test_every_word_that_may_be_typed_is_tried():
    assert set(TYPED) | ABOUT_NONE == set(COMMANDS)


@pytest.fixture
def says(world):
    count = iter(range(1_000))

    def says(text, user=SLACK):
        request = SlackCommand(text, user, "C1")
        return answer(request, nonce=f"n{next(count)}", open_view=refuse, **world.ports)["text"].replace("\u200b", "")

    return says


def refuse(*_):
    raise AssertionError("a window was opened")


def filled(text, world, name, other):
    breach, task = all_breaches(world.store)[0], the_task(world)
    return text.format(
        name, draft=f"{name}-customers-notice", task=task, breach=breach.id, measure=the_measure(world), other=other
    )


def of_nothing(text, other):
    return text.format(
        NEVER, draft=f"{NEVER}-customers-notice", task="TASK-none", breach="BR-none", measure="CM-none", other=other
    )


def neutral(text, world, name):
    for ours, nothing in (
        (name, NEVER), (the_task(world), "TASK-none"), (all_breaches(world.store)[0].id, "BR-none"),
        (the_measure(world), "CM-none"),
    ):  # fmt: skip
        text = text.replace(ours, nothing)
    return text


@pytest.mark.parametrize("text", [*(f"{word} {rest}" for word, rest in TYPED.items()), *MORE_TYPED])
def test_E88_what_an_outsider_types_is_answered_as_if_nothing_were_there(world, name, other, says, text):
    before = everything(world)
    said = says(filled(text, world, name, other))
    assert everything(world) == before
    assert neutral(said, world, name) == neutral(says(of_nothing(text, other)), world, name)


def test_E88_lists_leave_a_restricted_incident_out_for_outsiders_and_strangers(world, name, other, says):
    code = all_breaches(world.store)[0].code
    for text in ("list", "tasks", "breach list", "silences"):
        for user in (SLACK, "U0STRANGER"):
            shown = says(text, user)
            assert name not in shown, text
            assert code not in shown, text
    assert name in says("list", "U0MONA")
    assert name in says("tasks", "U0MONA")
    assert code in says("breach list", "U0MONA")


def test_E88_the_end_of_an_id_finds_it_for_the_team_alone(world, name, says):
    assert "No incident answers to" in says(f"show {name[-6:]}")
    assert name in says(f"show {name[-6:]}", "U0MONA")


BUTTONS = ("acknowledge", "snooze", "escalate", "resolve", "not_useful", "mitigate", "reopen", "more")


@pytest.mark.parametrize("button", [*BUTTONS, "approve_draft", "reject_draft"])
def test_E88_a_button_that_an_outsider_presses_does_nothing_and_says_nothing(world, name, button):
    replies = []
    for incident in (name, NEVER):
        what = f"{incident}-customers-notice" if button.endswith("_draft") else incident
        press = SlackAction(button, what, SLACK, "C0INCIDENTS", "1.2", f"{incident}{button}", "1.x")
        before = everything(world)
        answer(press, nonce=incident + button, open_view=refuse, **world.ports)
        assert everything(world) == before
        (row,) = [row for row in world.ledger(reason=Notify.REPLY) if row.text not in replies] or [None]
        replies += [row.text] if row else []
    assert len(replies) == 1, replies  # the second answer was the same as the first


def test_E88_the_modal_of_an_outsider_does_nothing(world, name):
    before = everything(world)
    said = []
    for incident in (name, NEVER):
        sent = SlackSubmission(CALLBACK, SLACK, (("note", "hello"),), incident)
        said.append(answer(sent, nonce=incident, open_view=refuse, **world.ports))
    assert said[0] == said[1]
    assert everything(world) == before


def row_of(world, name, channel):
    """What the outsider was told before the incident was restricted."""
    old = template(world.incident(name), Notify.FIRST, world.clock.now())
    row = replace(old, id=f"old-{channel}", recipient=OUTSIDER, channel=channel, state=LedgerState.SENT)
    world.store.commit([Put(NOTIFICATIONS, row.id, body_of(row))])
    return row


@pytest.mark.parametrize("posted", [False, True])
def test_E88_a_link_that_an_outsider_still_has_leads_nowhere(world, name, posted):
    row = row_of(world, name, Channel.EMAIL)
    token = acknowledge_url("https://m.example", row.id, keys=KEYS).rpartition("/")[2]
    before = everything(world)
    with pytest.raises(RefusedError, match="leads nowhere"):
        respond(token, posted=posted, keys=KEYS, **world.ports)
    assert everything(world) == before


@pytest.mark.parametrize("digits", ["", "1", "2", "9"])
def test_E88_a_call_that_still_reaches_an_outsider_says_and_does_nothing(world, name, digits):
    row = row_of(world, name, Channel.VOICE)
    call = PhoneCall("CA1", row.id, digits=digits, answered_by="machine_end_beep")
    before = everything(world)
    said = answer_call(call, url="https://m.example/call", **world.ports)
    assert everything(world) == before
    assert said == answer_call(replace(call, notification="none"), url="https://m.example/call", **world.ports)


def acting(action, **more):
    return lambda world, name: act(Act(action, name, OUTSIDER, "test", **more), **world.ports)


def stepping(change):
    return lambda world, name: change(StepWish(name, "contained", OUTSIDER, "test", "yes"), **world.ports)


def drafting(change, *more):
    return lambda world, name: change(DraftWish(f"{name}-customers-notice", OUTSIDER, "test"), *more, **world.ports)


def of_breach(change):
    def wanted(world, _):
        return change(Wish(all_breaches(world.store)[0].id, OUTSIDER, "command line", "why"), **world.ports)

    return wanted


def measuring(change, *more):
    return lambda world, _: change(the_measure(world), *more, by=OUTSIDER, ports=Ports(**world.ports))


def tasking(change, **more):
    return lambda world, _: change(the_task(world), by=OUTSIDER, ports=TaskPorts(**world.ports), **more)


def mortem(world):
    return MortemDesk(world.config, world.store, world.clock, OUTSIDER)


def starts(world, name):
    by = By(OUTSIDER, "test", world.clock.now())
    ports = {"config": world.config, "store": world.store, "publisher": world.bus}
    return start_procedure(name, "outage", by, **ports)


def asks(world, _):
    return ask(all_breaches(world.store)[0].id, Kind.REVOKE_SESSIONS, ["u"], by=OUTSIDER, ports=Ports(**world.ports))


def packs(world, _):
    objects = FolderObjects(world.folder)
    return keep_evidence(all_breaches(world.store)[0].id, by=OUTSIDER, objects=objects, ports=Ports(**world.ports))


FUNCTIONS = {
    **{str(one): acting(one) for one in Action if one not in {Action.MERGE, Action.ROLE, Action.SEVERITY}},
    "merge": acting(Action.MERGE, into=NEVER),
    "severity": acting(Action.SEVERITY, severity=Severity.LOW, note="why"),
    "role": acting(Action.ROLE, role=Role.SCRIBE, to=OUTSIDER),
    "finish_step": stepping(finish_step), "skip_step": stepping(skip_step), "start_procedure": starts,
    "approve_draft": drafting(approve_draft), "reject_draft": drafting(reject_draft, "no"),
    "edit_draft": drafting(edit_draft, WORDS),
    "declare": lambda world, name: breaches.declare(Wish(name, OUTSIDER, "command line"), **world.ports),
    "reported": of_breach(breaches.note_report), "stand down": of_breach(breaches.ask_stand_down),
    "close breach": of_breach(breaches.close), "contain": asks, "propose": measuring(propose_measure),
    "confirm": measuring(confirm_measure, "1"), "evidence": packs,
    "open_task": lambda world, name: open_task(TaskWish(name, "x", OUTSIDER, owner="mona"), TaskPorts(**world.ports)),
    "finish_task": tasking(finish_task), "put_off_task": tasking(put_off_task, within=HOURS),
    "reassign_task": tasking(reassign_task, to="mona"),
    "write_post_mortem": lambda world, name: write_post_mortem(
        Edited(name, 0, {next(iter(Section)): "x"}), mortem(world)
    ),
    "complete_post_mortem": lambda world, name: complete_post_mortem(name, mortem(world), no_action="why"),
}  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
def test_E88_no_function_does_anything_in_an_outsiders_name(world, name, tmp_path, function):
    world.folder, code = tmp_path / "objects", all_breaches(world.store)[0].code
    before = everything(world)
    done = str(FUNCTIONS[function](world, name))
    assert everything(world) == before
    for word in (code, "Security incident", "orders-audit", "mona", "ledger"):
        assert word not in done, done


def test_E88_an_outsiders_silence_holds_nothing_of_it_back(world, name, says):
    assert "until" in says('silence alert_type="security.breach" for 2h why')
    world.tick(minutes=31)
    assert (world.incident(name).held, world.incident(name).held_by) == ("", "")
    assert drafts_of(world.store, name)
