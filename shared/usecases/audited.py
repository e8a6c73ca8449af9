"""Acts that belong to no incident, on one chain of their own: who did what to which thing, and when."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.chain import Head, linked
from shared.ports.store import Create, Replace, StateStore, Write
from shared.usecases.records import body_of, value_of

AUDITED = "audited"
CHAINS = "chains"  # the heads of chains that hang on no incident, by the chain's name


@dataclass(frozen=True, slots=True)
class Act:
    """`act` says what was done ("window opened"), `subject` names the thing it was done to, `actor` is a person's id.

    `detail` holds no personal data: what is on this record cannot be taken off it.
    """

    at: datetime
    actor: str
    act: str
    subject: str
    detail: str = ""


def audit_writes(store: StateStore, *acts: Act) -> list[Write]:
    """The writes that put the acts on the record, to be part of the commit of what they did. Once in a commit.

    Two acts at once are a ConflictError, so the commit belongs inside `commits.committed`, and the call inside the
    attempt. Who takes a ConflictError for "was done before" has to read again whether it was.
    """
    found = store.get(CHAINS, AUDITED)
    head = value_of(found, Head) if found else Head()
    writes: list[Write] = []
    for one in acts:
        line, head = linked(body_of(one), head)
        writes.append(Create(AUDITED, str(line["seq"]), line))
    body = body_of(head)
    return [*writes, Replace(CHAINS, AUDITED, body, found.version) if found else Create(CHAINS, AUDITED, body)]
