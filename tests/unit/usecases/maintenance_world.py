"""A world with a list, readers and a way back, for the tests of maintenance windows."""

from dataclasses import replace
from datetime import timedelta

from shared.domain.bulletins import Bulletin
from shared.domain.checklists import Item, Known, Phase
from shared.domain.maintenance_plan import MaintenancePlan
from shared.domain.noise import Noise
from shared.domain.rollbacks import RollbackTarget
from shared.ports.store import Query
from shared.usecases.records import BULLETINS, value_of
from shared.usecases.window_checklist import tick
from shared.usecases.window_notices import Office
from shared.usecases.window_records import value_of_window
from shared.usecases.windows import WindowWish, open_window

H, M = timedelta(hours=1), timedelta(minutes=1)
PLAN = MaintenancePlan(
    readers=("slack:maintenance", "team:engineering"),
    urgent=("slack:maintenance", "slack:incidents", "person:boss"),
    checklist=(
        Item("backup", Phase.BEFORE, "A backup was made", "نسخة"),
        Item("on_call", Phase.BEFORE, "Somebody is on call", "مناوب", known=Known.ON_CALL),
        Item("works", Phase.AFTER, "Everything works", "كل شيء يعمل"),
        Item("report", Phase.AFTER, "The post-mortem is written", "التقرير", emergency=True),
    ),
    rollbacks={"api": RollbackTarget("api", webhook="https://deploy.souk.example/rollback")},
    hosts=("deploy.souk.example",),
)


def furnished(world, plan=PLAN):
    """The world with the plan, a maintenance channel, and outages that break through."""
    channels = {"incidents": "C0INCIDENTS", "maintenance": "C0MAINTENANCE"}
    noise = Noise(break_through=("monitoring.uptime",))
    world.config = replace(world.config, maintenance=plan, slack_channels=channels, noise=noise)
    return world


def office(world):
    return Office(world.config, world.store, world.bus)


def planned(world, *, start=24 * H, lasting=H, emergency=False, **wish):
    """A window (at 02:10 in Cairo a day from now), or why there is none."""
    at = world.clock.now() + start
    plan = WindowWish(at, at + lasting, "new index", "mona", emergency=emergency, **wish)
    return open_window(plan, office=office(world), now=world.clock.now())


def ticked(world, window, line="backup"):
    return tick(window.id, line, by="mona", evidence="gs://backups/1", office=office(world), now=world.clock.now())


def again(world, window):
    """The window as it is now."""
    return value_of_window(window.id, world.store)


def said(world, window):
    """The notices of the window so far, in order, as their kinds."""
    rows = [value_of(row, Bulletin) for row in world.store.find(Query(BULLETINS))]
    mine = sorted((one for one in rows if one.id.startswith(window.id)), key=lambda one: one.at)
    return [one.id.removeprefix(f"{window.id}-") for one in mine]


def title(world, name):
    (found,) = [value_of(row, Bulletin) for row in world.store.find(Query(BULLETINS)) if row.id == name]
    return found.text("en").title


def readers(world, name):
    return sorted(f"{row.channel} {row.recipient}" for row in world.ledger(bulletin=name))
