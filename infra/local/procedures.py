"""What people do in emergency procedures on the local platform: finish steps, approve drafts, look at the clocks."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from infra.local.people import press
from shared import bootstrap
from shared.domain.procedure_clocks import Verdict, clocks
from shared.errors import ConfigurationError
from shared.ports.store import Query
from shared.rendering.procedure_clocks import table
from shared.usecases.drafts import read_draft
from shared.usecases.procedures import StepWish, finish_step, runs_of
from shared.usecases.records import DRAFTS
from shared.usecases.slack_drafts import APPROVE

if TYPE_CHECKING:
    from infra.local.platform import Platform

VIA = "a scenario"


class Wish(Protocol):
    """What a scenario says of a procedure."""

    by: str
    step: str
    note: str
    approve: str


def step_done(wish: Wish, incident: str) -> str:
    """Finish a step as a person; raises ConfigurationError when that is refused."""
    done = finish_step(
        StepWish(incident, wish.step, wish.by, VIA, wish.note),
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    if not done.happened:
        raise ConfigurationError(f"{wish.step}: {done.outcome}")
    return f"{wish.by}, {wish.step}: {done.outcome}"


def approved(wish: Wish, platform: "Platform") -> str:
    """Press the button under the newest draft that waits and has this in its name; raises ConfigurationError."""
    waiting = bootstrap.state().find(Query(DRAFTS, equal={"is_open": "yes"}, order_by="created_at"))
    named = [row.id for row in waiting if wish.approve in row.id]
    if not named:
        raise ConfigurationError(f"no draft {wish.approve} waits")
    press(platform, APPROVE, named[-1], person=wish.by)
    found = read_draft(bootstrap.state(), named[-1])
    return f"{wish.by}, {wish.approve}: {found[0].state if found else 'gone'}"


def clocks_of(incident: str, now: datetime) -> tuple[list[str], dict[str, Verdict]]:
    """Every clock of the incident's procedures as lines of a table, and the verdicts by step."""
    runs = runs_of(bootstrap.state(), incident)
    people = {person.id: person.name for person in bootstrap.config().directory.people.values()}
    lines = [line for run in runs for line in table(run, now, people=people)]
    return lines, {clock.step.step.name: clock.verdict for run in runs for clock in clocks(run, now)}
