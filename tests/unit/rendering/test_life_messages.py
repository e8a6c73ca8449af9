"""What messages and pages show of an incident's further life, in both languages."""

import json
from datetime import timedelta

import pytest

from infra.local.sandbox.slack_blocks import MESSAGE, faults_of
from shared.domain.incidents import Acked, Role, State
from shared.domain.lifecycle import Life
from shared.domain.merging import Merging
from shared.domain.promises import Promise
from shared.domain.raising import Weighed
from shared.domain.reasons import Notify
from shared.domain.roles import Given
from shared.domain.tasks import NewTask, TaskKind, TaskOutcome, opened
from shared.rendering.catalogue import noted, recorded
from shared.rendering.email import incident_email
from shared.rendering.slack import escalation_note, incident_message
from shared.rendering.tasks import assigned_texts, reminder_texts, task_line
from shared.rendering.view import IncidentView, standing
from tests.conftest import NIGHT

HOUR = timedelta(hours=1)


def shown(view, **more):
    base = view(state=State.MITIGATED, mitigated_at=NIGHT, resolve_by=NIGHT + 4 * HOUR, merged=("INC-2",))
    roles = (("commander", "Mona Adel"), ("scribe", "<!channel> Omar"))
    return IncidentView(
        base.incident, base.now, owner_name="Mona Adel", roles=roles, tasks=("call the bank, Omar",), **more
    )


def task(text="call the bank"):
    return lambda incident: opened(NewTask(text, TaskKind.TASK, "omar", "mona", HOUR), incident, NIGHT).task


def test_the_living_message_shows_state_clock_roles_and_tasks(view):
    message = incident_message(shown(view), reason=Notify.UPDATED)
    text = json.dumps(message.blocks, ensure_ascii=False)
    for part in (
        "Mitigated, Mona Adel, 10 Mar 02:10 EET",
        "Resolution promised by: 10 Mar 06:10 EET",
        "Roles: Commander Mona Adel, Scribe <!channel> Omar",
        "Merged in: INC-2",
        "Tasks\\n• call the bank, Omar",
    ):
        assert part in text
    assert faults_of(list(message.blocks), surface=MESSAGE) == []
    assert all(block["text"]["type"] == "plain_text" for block in message.blocks if "text" in block)


@pytest.mark.parametrize(
    ("locale", "parts"),
    [
        ("en", ["Commander: Mona Adel", "Resolution promised by:", "Tasks:", "- call the bank"]),
        ("ar", ["قائد الاستجابة: \u2068Mona Adel\u2069", "موعد الحل المتعهد به:", "المهام:", "- call the bank"]),
    ],
)
def test_the_mail_shows_them_in_the_readers_language(view, locale, parts):
    mail = incident_email(shown(view, note="scribe: Omar Said"), reason=Notify.ROLE_GIVEN, locale=locale)
    for part in parts:
        assert part in mail.text
    assert ("مدوّن الأحداث: Omar Said" if locale == "ar" else "scribe: Omar Said") in mail.text
    assert "&lt;!channel&gt;" in mail.html


@pytest.mark.parametrize(
    ("changes", "english", "arabic"),
    [
        ({"state": State.MERGED, "merged_into": "INC-9"}, "Merged into INC-9", "دُمج في \u2068INC-9\u2069"),
        ({"state": State.CLOSED, "closed_at": NIGHT}, "Closed, 10 Mar 02:10 EET (00:10 UTC)", "مغلق، "),
        ({"state": State.MITIGATED, "mitigated_at": NIGHT}, "Mitigated, 10 Mar 02:10 EET", "تم احتواء الأثر، "),
    ],
)
def test_the_state_says_since_when_or_into_which(view, changes, english, arabic):
    one = view(**changes)
    assert standing(one).startswith(english)
    assert standing(one, "ar").startswith(arabic)


@pytest.mark.parametrize("reason", [Notify.MITIGATED, Notify.MERGED, Notify.ROLE_GIVEN, Notify.PROMISE_AT_RISK])
def test_a_line_in_the_thread_is_taken_by_slack_and_nothing_in_it_is_markup(view, reason):
    note = escalation_note(view(note="<!here> *x*"), reason=reason)
    assert faults_of(list(note.blocks), surface=MESSAGE) == []
    assert "<!here>" not in json.dumps(note.blocks)


def test_everything_the_record_says_of_it_is_there_in_arabic():
    said = [*Life, *Merging, *Weighed, *Given, *TaskOutcome, *Acked, *Promise, *Role]
    assert [word for word in said if recorded(word, "ar") == word] == []
    assert noted("commander: Mona", "ar") == "قائد الاستجابة: Mona"


def test_a_reminder_names_the_task_how_late_it_is_and_what_to_write_when_it_is_done(view):
    one = task()(view().incident)
    texts = reminder_texts(one, NIGHT + 3 * HOUR)
    assert texts["en"].title == "Task is due: call the bank"
    assert "2 h ago" in texts["en"].lines[0]
    assert f"/incident done {one.id}" in texts["en"].lines[-1]
    assert "حان موعد مهمة" in texts["ar"].title
    assert f"/incident done {one.id}" in texts["ar"].lines[-1]


def test_a_new_task_says_who_gave_it_and_its_text_stays_on_its_line(view):
    one = task("call\nthe bank")(view().incident)
    texts = assigned_texts(one, by="Mona\nAdel")
    assert "Given by: Mona Adel" in texts["en"].lines
    assert texts["ar"].title.startswith("مهمة لك: ")
    assert task_line(one, "Omar Said", NIGHT + 2 * HOUR).startswith("call the bank, Omar Said, overdue, due ")
