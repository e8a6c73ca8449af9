"""The machine itself: what runs the local platform, what keeps its state, and which commands lack a program."""

import shutil
import sqlite3
import sys
import tomllib
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from infra.local.emulators import FIRESTORE, PUBSUB, NotInstalledError, program
from infra.tools.doctor.outcomes import Outcome, failed, fine, listed, skipped, warned
from infra.tools.doctor.state import heartbeats
from infra.tools.sources import ROOT
from shared.errors import QueryError

# A program that not every command needs -> what needs it, and the Debian package (or the place) that brings it.
PROGRAMS: Mapping[str, tuple[str, str]] = {
    "terraform": ("planning and deploying", "install Terraform 1.9 or newer (developer.hashicorp.com/terraform)"),
    "gcloud": ("deploying by hand", "install the gcloud SDK (cloud.google.com/sdk)"),
    "chromium": ("the browser tests", "apt install chromium chromium-driver"),
    "promtool": ("the comparison with Prometheus", "apt install prometheus"),
    "amtool": ("the comparison with Alertmanager", "apt install prometheus-alertmanager"),
    "npm": ("the check against Twilio's API description", "apt install npm"),
}


def checks(state: Path, now: datetime) -> Mapping[str, Callable[[], Outcome]]:
    """Each check by its name."""
    return {
        "python": python,
        "packages": packages,
        "state engine": state_engine,
        "warehouse engine": warehouse_engine,
        "state folder": partial(state_folder, state, now),
        "emulators": emulators,
        **{name: partial(tool, name) for name in PROGRAMS},
    }


def python(release: tuple[int, ...] = sys.version_info[:3]) -> Outcome:
    """New enough for pyproject.toml."""
    wanted, found = str(_project()["requires-python"]), ".".join(map(str, release))
    if not SpecifierSet(wanted).contains(found):
        return failed(f"Python {found}", f"needs {wanted}; set PYTHON=... and run make setup")
    return fine(f"Python {found}")


def packages() -> Outcome:
    """What the platform and the command line import is installed, in a version that fits."""
    project = _project()
    wanted = [Requirement(text) for text in (*project["dependencies"], *project["optional-dependencies"]["local"])]
    wrong = [fault for one in wanted if (fault := _fault_of(one))]
    return failed(listed(wrong), "make setup") if wrong else fine(f"all {len(wanted)} are installed")


def state_engine() -> Outcome:
    """SQLite can do what the state and the bus ask of it (UPSERT and RETURNING: 3.35)."""
    if sqlite3.sqlite_version_info < (3, 35):
        return failed(f"SQLite {sqlite3.sqlite_version}", "use a Python built with SQLite 3.35 or newer")
    return fine(f"SQLite {sqlite3.sqlite_version}")


def warehouse_engine() -> Outcome:
    """DuckDB starts, and every table and view of the warehouse can be made in it."""
    from infra.local.warehouse.preparing import prepare  # noqa: PLC0415 - slow to load
    from shared.adapters.duckdb_warehouse import DuckDBWarehouse  # noqa: PLC0415

    try:
        with closing(DuckDBWarehouse(None)) as made:
            prepare(made)
            tables = len(made.tables())
    except QueryError as error:
        return failed(f"DuckDB: {error}", "make setup")
    return fine(f"DuckDB {version('duckdb')}, {tables} tables")


def state_folder(folder: Path, now: datetime) -> Outcome:
    """A platform's state on this machine: readable and whole, and its ticks still beat."""
    from shared.adapters.sqlite_state import SqliteState  # noqa: PLC0415

    file = folder / "state.db"
    if not file.is_file():
        return skipped(f"nothing has run in {folder}", "soukmon up, or name another folder with --state")
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            (said,) = connection.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        return failed(f"{file}: {error}", "restore the folder from a copy")
    if said != "ok":
        return failed(f"{file}: {said}", "restore the folder from a copy")
    beats = heartbeats(SqliteState(file), now)
    return fine(f"{file} is whole, {beats.says}") if not beats.fix else warned(f"{file}: {beats.says}", "soukmon up")


def emulators() -> Outcome:
    """Google's emulators, for `soukmon up --engines emulators` and the contract tests."""
    missing = []
    for emulator in (FIRESTORE, PUBSUB):
        try:
            program(emulator)
        except NotInstalledError as error:
            missing.append(str(error))
    if missing:
        fix = "for `soukmon up --engines emulators`: apt install default-jre-headless and the gcloud SDK's emulators"
        return warned(listed(dict.fromkeys(missing)), fix)
    return fine("Firestore and Pub/Sub can be started")


def tool(name: str) -> Outcome:
    """A program that some commands need."""
    used, fix = PROGRAMS[name]
    found = shutil.which(name)
    return fine(found) if found else warned(f"not found; needed for {used}", fix)


def _project() -> Any:  # noqa: ANN401 - whatever TOML holds
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _fault_of(wanted: Requirement) -> str:
    if wanted.marker is not None and not wanted.marker.evaluate():
        return ""
    try:
        found = version(wanted.name)
    except PackageNotFoundError:
        return f"{wanted.name} is missing"
    return (
        "" if wanted.specifier.contains(found, prereleases=True) else f"{wanted.name} {found}, not {wanted.specifier}"
    )
