"""What was typed after a command's word, and the incident or person it names."""

import re
from dataclasses import dataclass

from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident
from shared.domain.oncall import Person
from shared.domain.typed import matching_ids
from shared.ports.store import Query
from shared.usecases.records import INCIDENTS, value_of
from shared.usecases.slack_desk import Desk, person_of
from shared.usecases.wishes import may_act_on

RECENT = 200
NAMED_IN_AN_ANSWER = 5
_MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")


class UnclearError(Exception):
    """What was typed cannot be carried out; the text says why, and the command's usage follows it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Who typed it (None: nobody we know, possible for open commands only) and the rest of the line."""

    person: Person | None
    rest: str

    @property
    def who(self) -> str:
        """The id of the person; commands that are not open always have one."""
        return self.person.id if self.person else ""

    @property
    def first(self) -> str:
        """The first word, or ""."""
        return self.rest.partition(" ")[0]

    @property
    def after(self) -> str:
        """What follows the first word."""
        return self.rest.partition(" ")[2].strip()


def incident_named(text: str, person: str, desk: Desk) -> str:
    """The id of the one incident that a short id stands for; open ones first. Raises UnclearError.

    What is restricted does not exist for whoever is not of the response team.
    """
    if not text:
        raise UnclearError("Which incident?")
    exact = desk.store.get(INCIDENTS, text)
    recent = desk.store.find(Query(INCIDENTS, order_by="opened_at", newest_first=True, limit=RECENT))
    rows = [exact] if exact is not None else recent
    known = [row for row in rows if may_act_on(value_of(row, Incident), person, desk.config)]
    is_open = {row.id: row.body["is_open"] == "yes" for row in known}
    found = matching_ids(text, is_open)
    still_open = [name for name in found if is_open[name]]
    if len(still_open) == 1 or len(found) == 1:
        return (still_open or list(found))[0]
    if not found:
        raise UnclearError(f"No incident answers to {text[:40]!r}.")
    raise UnclearError(f"{text[:40]!r} may be {', '.join(found[:NAMED_IN_AN_ANSWER])}.")


def person_named(text: str, typed: Typed, config: Configuration) -> str:
    """The id of the one person meant by "me", a mention, an id, or (the beginning of) a name. Raises UnclearError."""
    people = config.directory.people
    mention = _MENTION.match(text)
    if mention:
        meant = person_of(mention[1], config)
        found = [meant.id] if meant else []
    else:
        wanted = text.removeprefix("@").strip().lower()
        found = [typed.who] if wanted == "me" else [p.id for p in people.values() if wanted == p.id.lower()]
        found = found or [p.id for p in people.values() if wanted and p.name.lower().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UnclearError(f"{text[:40]!r} may be {', '.join(people[name].name for name in found)}.")
    raise UnclearError(f"Nobody on the on-call list answers to {text[:40]!r}." if text else "To whom?")
