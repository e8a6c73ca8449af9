"""The /incident command: one table of what may be typed, each with the words that help shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.domain.slack_requests import SlackCommand
from shared.usecases.slack_desk import Answer, Desk, person_of, shown, unmapped
from shared.usecases.slack_typed import Typed, UnclearError
from shared.usecases.slack_words_acting import ack, assign, escalate, note, resolve, snooze
from shared.usecases.slack_words_duties import give_back, oncall, take
from shared.usecases.slack_words_letters import dead_letters
from shared.usecases.slack_words_life import close, merge, mitigate, reopen, role, severity
from shared.usecases.slack_words_post_mortems import post_mortem
from shared.usecases.slack_words_procedures import approve, drafts, edit, procedure, reject, skip, step
from shared.usecases.slack_words_reading import incidents, show, stats
from shared.usecases.slack_words_silences import silence, silences, unsilence
from shared.usecases.slack_words_tasks import action, change, done, task, tasks
from shared.usecases.slack_words_windows import USAGE as WINDOW
from shared.usecases.slack_words_windows import window


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that may be typed: what follows the word, and what it does. `is_open` to those we do not know."""

    usage: str
    about: str
    run: Callable[[Typed, Desk], str]
    is_open: bool = False


def _help(typed: Typed, desk: Desk) -> str:
    del typed, desk
    lines = [f"/incident {f'{name} {one.usage}'.strip()}: {one.about}" for name, one in COMMANDS.items()]
    return "\n".join([*lines, "ID may be the beginning or the end of an incident's id."])


COMMANDS: Mapping[str, Command] = {
    "help": Command("", "this list", _help, is_open=True),
    "list": Command("", "the incidents that are open", incidents, is_open=True),
    "show": Command("ID", "one incident and the last lines of its record", show),
    "ack": Command("ID", "take it over", ack),
    "snooze": Command("ID [2h]", "take it over later: 5m to 8h, without a time 30m", snooze),
    "escalate": Command("ID", "tell the next step now", escalate),
    "resolve": Command("ID", "it is over", resolve),
    "note": Command("ID TEXT", "add to its record", note),
    "assign": Command("ID PERSON", "hand it over to a name, a @user, or me", assign),
    "mitigate": Command("ID [HOW]", "the harm is stopped, the cause is not; the clock goes on", mitigate),
    "reopen": Command("ID [WHY]", "it is not over after all", reopen),
    "close": Command("ID", "nothing is left to do; final", close),
    "merge": Command("ID into ID", "the first one goes on in the second", merge),
    "severity": Command("ID critical|high|medium|low WHY", "it is worse, or less bad, than it looks", severity),
    "role": Command("ID commander|communications|scribe [PERSON]", "who commands, speaks, writes down", role),
    "task": Command("ID [owner=NAME] [due=2h] TEXT", "something to do now; its owner is reminded", task),
    "action": Command("ID [owner=NAME] [due=2w] TEXT", "something to do later, so that it stays away", action),
    "tasks": Command("[ID]", "the tasks of one incident, or all that are open", tasks),
    "done": Command("TASK", "a task is done", done),
    "retask": Command("TASK owner=NAME | due=3h", "another owner, or another time", change),
    "procedure": Command("ID [start NAME]", "its emergency procedure with every clock, or start one", procedure),
    "step": Command("ID STEP EVIDENCE", "a step of it is done, as a note or a link shows; or confirm it", step),
    "skip": Command("ID STEP REASON", "leave a step out", skip),
    "drafts": Command("ID", "what waits to be sent to people outside", drafts),
    "approve": Command("DRAFT", "send a draft in your name", approve),
    "reject": Command("DRAFT REASON", "do not send it", reject),
    "edit": Command("DRAFT en|ar TITLE | TEXT | TEXT", "other words for it", edit),
    "oncall": Command("", "who is on call", oncall, is_open=True),
    "take": Command("ROTATION [until 18:00 | for 4h]", "be on call, by default until the present duty ends", take),
    "give-back": Command("ROTATION", "end what was taken over", give_back),
    "silence": Command(
        'ID | service="web" ... for 2h WHY', "tell nobody of what fits; it stays on the record", silence
    ),
    "silences": Command("", "what is silenced now", silences),
    "unsilence": Command("ID", "end a silence", unsilence),
    "window": Command(WINDOW, "maintenance windows", window),
    "dead-letters": Command("list | show ID | redrive ID", "input that nobody could read", dead_letters),
    "post-mortem": Command("ID", "how an incident's post-mortem stands, and what is still to be written", post_mortem),
    "stats": Command("", "how many alerts were not useful, and how soon somebody answered", stats),
}
ALSO = {
    "": "list",
    "acknowledge": "ack",
    "reassign": "assign",
    "on-call": "oncall",
    "letters": "dead-letters",
    "windows": "window",
}


def answer_command(request: SlackCommand, desk: Desk) -> Answer:
    """Carry out what was typed; the answer is for the person who typed it alone."""
    return shown(_said(request, desk))


def _said(request: SlackCommand, desk: Desk) -> str:
    first, _, rest = request.text.strip().partition(" ")
    word = first.lower()
    command = COMMANDS.get(ALSO.get(word, word))
    person = person_of(request.user, desk.config)
    if person is None and (command is None or not command.is_open):
        return unmapped(request.user)
    if command is None:
        return f"There is no command {word[:40]!r}.\n{_help(Typed(person, ''), desk)}"
    try:
        return command.run(Typed(person, rest.strip()), desk)
    except UnclearError as error:
        return f"{error} Write: /incident {ALSO.get(word, word)} {command.usage}"
