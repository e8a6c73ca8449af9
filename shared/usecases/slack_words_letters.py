"""The dead letters from Slack: looked at, and sent again, by those who look after the machinery."""

import json

from shared.domain.redaction import redact
from shared.domain.typed import matching_ids
from shared.ports.store import Document
from shared.usecases.quarantine import dead_letters as kept
from shared.usecases.redriving import ask_for_redrive
from shared.usecases.slack_desk import Desk
from shared.usecases.slack_typed import Typed, UnclearError

ROLES = frozenset({"engineer", "devops", "engineering_manager"})
LISTED = 10
REASON = 100
SHOWN = ("function", "state", "reason", "received_at", "size", "asked_by", "redriven_at", "preview")


def dead_letters(typed: Typed, desk: Desk) -> str:
    """List, show or redrive."""
    if typed.person is None or not ROLES & set(typed.person.roles):
        return f"Nothing was changed. The dead letters are for the roles {', '.join(sorted(ROLES))}."
    match typed.first:
        case "" | "list":
            return _listed(desk)
        case "show":
            return _shown(_letter(typed.after, desk))
        case "redrive":
            letter = _letter(typed.after, desk)
            ask_for_redrive(letter, by=typed.who, store=desk.store, publisher=desk.publisher, clock=desk.clock)
            return f"{letter.id} is being sent to {letter.body['function']} again; show it to see what came of it."
        case other:
            raise UnclearError(f"{other[:40]!r} is nothing one can do with dead letters.")


def _listed(desk: Desk) -> str:
    found = kept(desk.store)
    lines = [
        f"{row.id}  {str(row.body['received_at'])[:19]}  {row.body['function']}  {row.body['state']}  "
        f"{redact(str(row.body['reason']))[:REASON]}"
        for row in found[:LISTED]
    ]
    more = [f"and {len(found) - LISTED} more"] if len(found) > LISTED else []
    return "\n".join([*lines, *more]) or "There is no dead letter."


def _shown(letter: Document) -> str:
    facts = {name: letter.body[name] for name in SHOWN if name in letter.body}
    return f"{letter.id}\n{redact(json.dumps(facts, ensure_ascii=False, indent=1))}"


def _letter(text: str, desk: Desk) -> Document:
    letters = {row.id: row for row in kept(desk.store)}
    found = matching_ids(text, letters)
    if len(found) != 1:
        raise UnclearError(f"{len(found) or 'No'} dead letters answer to {text[:40]!r}.")
    return letters[found[0]]
