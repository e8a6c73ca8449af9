"""A proposed update: its words, where it is put, and what its checks came to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from shared.domain.jobs import Run
from shared.domain.security_plan import UpdatePlan
from shared.domain.updates import Change, Size
from shared.errors import SourceError
from shared.ports.objects import ObjectStore
from shared.ports.security import Proposed, Repository
from shared.ports.store import Put, Replace, StateStore
from shared.usecases.jobs.choosing_updates import LeftOut
from shared.usecases.records import UPDATES, body_of, value_of

OPEN = "open"  # the proposal whose checks are waited for
EVERY, AT_MOST = timedelta(minutes=15), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed, and how many changes it is made of."""

    proposed: Proposed
    count: int

    @property
    def title(self) -> str:
        """One line."""
        return self.proposed.title


@dataclass(frozen=True, slots=True)
class Followed:
    """A proposal in a repository: where, since when, when its checks were looked at last, and what they came to."""

    where: str
    since: datetime
    looked_at: datetime
    result: str = ""


def proposal_of(plan: UpdatePlan, lock: str, made: Sequence[Change], out: Sequence[LeftOut]) -> Proposal:
    """The change of the lock file with its words; the same changes have the same name."""
    fixes = sum(len(one.fixes) for one in made)
    title = f"{_count(len(made), 'update')} of packages" + (f", {_count(fixes, 'security fix', 'es')}" if fixes else "")
    name = f"soukmon/updates-{sha256(lock.encode()).hexdigest()[:12]}"
    return Proposal(Proposed(name, plan.lock, lock, title, _body(made, out)), len(made))


def put_forward(
    proposal: Proposal, repository: Repository | None, objects: ObjectStore, store: StateStore, run: Run
) -> str:
    """Open it where it is judged, or keep it as files; where that is. Doing it again finds what is there."""
    proposed = proposal.proposed
    if repository is None:
        folder = f"updates/{proposed.name.rpartition('-')[2]}"
        objects.create(f"{folder}/{proposed.path}", proposed.content.encode(), content_type="text/plain; charset=utf-8")
        objects.create(f"{folder}/proposal.md", proposed.body.encode(), content_type="text/markdown; charset=utf-8")
        return f"{folder}/ in the object store"
    where = repository.propose(proposed)
    row = store.get(UPDATES, OPEN)
    if row is None or value_of(row, Followed).where != where:
        store.commit([Put(UPDATES, OPEN, body_of(Followed(where, run.at, run.at)))])
    return where


def follow(store: StateStore, repository: Repository | None, now: datetime) -> str:
    """Look now and then at the checks of the open proposal, and write what they came to beside it; "" while unknown."""
    row = store.get(UPDATES, OPEN)
    found = None if row is None else value_of(row, Followed)
    if row is None or found is None or repository is None or found.result or now - found.looked_at < EVERY:
        return ""
    try:
        result = repository.checks(found.where)
    except SourceError:
        result = "pending"
    if result == "pending":
        result = "" if now - found.since < AT_MOST else "did not end within a day"
    if result:
        repository.tell(found.where, result)
    store.commit([Replace(UPDATES, OPEN, body_of(replace(found, looked_at=now, result=result)), row.version)])
    return result


def _body(made: Sequence[Change], out: Sequence[LeftOut]) -> str:
    order = {Size.MAJOR: 0, Size.MINOR: 1, Size.PATCH: 2}
    rows = sorted(made, key=lambda one: (not one.fixes, order[one.size], one.name))
    lines = ["| package | from | to | | ends | changes |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {one.name} | {one.before} | {one.after} | {one.size} | {', '.join(one.fixes)} | {_link(one.link)} |"
        for one in rows
    ]
    if out:
        lines += ["", "Left out, as they do not fit with what else is locked:", ""]
        lines += [f"* {one.change.name} {one.change.after}: {one.because}" for one in out]
    lines += [
        "",
        "Every package's own requirements are met by this lock file. It was neither installed nor tested yet: that is",
        "what the checks of this change do. Nobody but you merges it.",
    ]
    return "\n".join(lines) + "\n"


def _link(url: str) -> str:
    """An address in pointed brackets, which end at the first one of their kind: nothing in it is Markdown."""
    return f"<{url}>" if url and not set(url) & set("<>|\\ \n`") else ""


def _count(number: int, what: str, plural: str = "s") -> str:
    return f"{number} {what}" + ("" if number == 1 else plural)
