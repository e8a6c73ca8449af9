"""A house whose store is backed up: a real store, a real archive in a folder, and configuration files that load."""

from dataclasses import replace
from datetime import timedelta

from shared.adapters.folder import FolderObjects
from shared.adapters.indexes import INDEXES
from shared.adapters.no_other_backups import NoOtherBackups
from shared.adapters.scratch import SqliteScratch
from shared.config.archived import files_of, loaded
from shared.config.loader import load
from shared.domain.jobs import Run, with_result
from shared.ports.warehouse import Answer
from shared.usecases.jobs.keeping import Copied, Keeper
from tests.conftest import NIGHT

SHIPPED = load()
POINT = {"metric": "orders", "minute": NIGHT, "dimensions": "", "source": "rollup", "count": 3, "sum": 1.5}


class Points:
    """A warehouse with a point in the hour of each instant given."""

    def __init__(self, *instants):
        self.instants, self.asked = instants, 0

    def query(self, name, parameters, *, maximum_bytes=None):
        self.asked += 1
        inside = [at for at in self.instants if parameters["since"] <= at < parameters["until"]]
        return Answer(tuple({**POINT, "minute": at} for at in inside))


def keeper_of(world, folder, **changes):
    reports = FolderObjects(folder / "reports")
    values = {
        "config": SHIPPED, "store": world.store, "freezing": world.store, "collections": tuple(INDEXES),
        "archive": FolderObjects(folder / "backups"), "scratch": SqliteScratch(folder / "scratch"), "clock": world.clock,
        "warehouse": Points(NIGHT - timedelta(hours=30), NIGHT - timedelta(hours=2)),
        "files": files_of, "loaded": loaded, "others": NoOtherBackups(), "copied": (Copied("reports", reports),),
    }  # fmt: skip
    return Keeper(**{**values, **changes})


def run_of(world, job="backup_verification", *, is_dry=False):
    now = world.clock.now()
    return Run(job, now, now, now + timedelta(minutes=10), is_dry=is_dry)


def take(steps, names, run):
    """The run after these steps, each with its result."""
    for name in names:
        result = replace(steps[name](run), step=name)
        run = with_result(run, result, lease_until=run.lease_until)
    return run


def damage(folder, pattern, change):
    """Change the bytes of the newest file that fits; None deletes it."""
    path = max((folder / "backups").glob(pattern))
    data = change(path.read_bytes())
    path.unlink()
    if data is not None:
        path.write_bytes(data)
