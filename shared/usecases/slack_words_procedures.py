"""Commands about emergency procedures and the drafts they propose."""

from shared.domain.acting import By
from shared.domain.drafts import Draft, DraftText
from shared.domain.typed import matching_ids
from shared.ports.store import Document, Query
from shared.rendering.escaping import one_line
from shared.rendering.procedure_clocks import lines
from shared.usecases.drafts import DraftDone, DraftWish, approve_draft, drafts_of, edit_draft, reject_draft
from shared.usecases.procedures import StepDone, StepWish, finish_step, runs_of, skip_step, start_procedure
from shared.usecases.records import DRAFTS, read_incident
from shared.usecases.slack_desk import Desk
from shared.usecases.slack_typed import Typed, UnclearError, incident_named
from shared.usecases.wishes import may_act_on

START = "start"
LANGUAGES = frozenset({"en", "ar"})
RECENT = 100
REFUSED = "Nothing was changed:"


def procedure(typed: Typed, desk: Desk) -> str:
    """The procedures of an incident with their clocks, or one more started by hand."""
    incident = incident_named(typed.first, typed.who, desk)
    word, _, name = typed.after.partition(" ")
    if word == START:
        by = By(typed.who, "slack", desk.clock.now())
        done = start_procedure(
            incident, name.strip(), by, config=desk.config, store=desk.store, publisher=desk.publisher
        )
        return _said(done)
    if word:
        raise UnclearError(f"{word[:40]!r} is nothing a procedure knows.")
    people = {person.id: person.name for person in desk.config.directory.people.values()}
    shown = [
        "\n".join([f"{run.title('en')}, {incident}", *lines(run, desk.clock.now(), people=people)])
        for run in runs_of(desk.store, incident)
    ]
    return "\n\n".join(shown) or f"{incident} has no procedure."


def step(typed: Typed, desk: Desk) -> str:
    """A step is done, asked for, or confirmed."""
    return _said(finish_step(_wish(typed, desk), **desk.ports))


def skip(typed: Typed, desk: Desk) -> str:
    """A step is left out."""
    return _said(skip_step(_wish(typed, desk), **desk.ports))


def drafts(typed: Typed, desk: Desk) -> str:
    """What waits for approval, in both languages, and what became of the rest."""
    incident = incident_named(typed.first, typed.who, desk)
    return "\n\n".join(_draft(one) for one in drafts_of(desk.store, incident)) or f"{incident} has no drafts."


def approve(typed: Typed, desk: Desk) -> str:
    """Send a draft."""
    return _drafted(approve_draft(_draft_wish(typed, desk), **desk.ports))


def reject(typed: Typed, desk: Desk) -> str:
    """Do not send a draft."""
    return _drafted(reject_draft(_draft_wish(typed, desk), typed.after, **desk.ports))


def edit(typed: Typed, desk: Desk) -> str:
    """Other words for a draft in one language."""
    wish = _draft_wish(typed, desk)
    locale, _, rest = typed.after.partition(" ")
    title, *paragraphs = [part.strip() for part in rest.split("|")]
    if locale not in LANGUAGES or not title or not paragraphs:
        raise UnclearError("A draft is edited in en or ar, with a title and a text.")
    return _drafted(edit_draft(wish, {locale: DraftText(title, tuple(paragraphs))}, **desk.ports))


def _wish(typed: Typed, desk: Desk) -> StepWish:
    name, _, text = typed.after.partition(" ")
    if not name:
        raise UnclearError("Which step?")
    return StepWish(incident_named(typed.first, typed.who, desk), name, typed.who, "slack", text.strip())


def _draft_wish(typed: Typed, desk: Desk) -> DraftWish:
    """The draft of this id, or the one that waits and whose id begins or ends like this; of those that one may see."""
    exact = desk.store.get(DRAFTS, typed.first) if typed.first else None
    waiting = desk.store.find(Query(DRAFTS, equal={"is_open": "yes"}, order_by="created_at", limit=RECENT))
    known = [row.id for row in ([exact] if exact else waiting) if _is_known(row, typed, desk)]
    found = matching_ids(typed.first, known) if typed.first else []
    if len(found) != 1:
        raise UnclearError(f"{len(found) or 'No'} drafts that wait answer to {typed.first[:40]!r}.")
    return DraftWish(found[0], typed.who, "slack")


def _is_known(row: Document, typed: Typed, desk: Desk) -> bool:
    found = read_incident(desk.store, str(row.body["incident"]))
    return found is not None and may_act_on(found[0], typed.who, desk.config)


def _said(done: StepDone) -> str:
    name = done.run.incident if done.run else ""
    return f"{name}: {done.outcome}." if done.happened else f"{REFUSED} {done.outcome}."


def _drafted(done: DraftDone) -> str:
    name = done.draft.id if done.draft else ""
    return f"{name}: {done.outcome}." if done.happened else f"{REFUSED} {done.outcome}."


def _draft(one: Draft) -> str:
    whole = [f"{one.id}: {one.state}, {one.channel} to {one_line(one.audience)}"]
    for locale in ("en", "ar"):
        text = one.text(locale)
        whole += [one_line(text.title), *(f"  {one_line(line)}" for line in text.lines)]
    return "\n".join(whole)
