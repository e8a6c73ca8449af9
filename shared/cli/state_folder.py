"""The folders of a local installation: its state, and its configuration."""

from dataclasses import replace
from pathlib import Path

import click

from shared import bootstrap
from shared import settings as environment
from shared.errors import ConfigurationError
from shared.ports.warehouse import Warehouse

STATE = click.option(
    "--state",
    type=click.Path(file_okay=False),
    default=".soukmon",
    show_default=True,
    help="The folder that soukmon up keeps everything in.",
)
CONFIG = click.option(
    "--config",
    "config_dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="SOUKMON_CONFIG",
    help="Another folder of configuration (else SOUKMON_CONFIG, else the packaged one).",
)


def has_state(state: str) -> bool:
    """True when something has run on the folder."""
    return (Path(state) / "state.db").exists()


def use(state: str) -> None:
    """Let every embedded engine work on the folder; raises LookupError when nothing has run on it."""
    if environment.current().engine == "embedded" and not has_state(state):
        raise LookupError(f"{state} holds no state; start with soukmon up, or name another folder with --state")
    bootstrap.install(replace(environment.current(), state_dir=state))


def open_warehouse() -> Warehouse:
    """The warehouse of the folder in use; raises ConfigurationError where it cannot be opened, in one line."""
    settings = bootstrap.settings()
    if settings.engine != "embedded":
        return bootstrap.warehouse()
    from duckdb import Error  # noqa: PLC0415 - installed with the local platform only

    try:
        return bootstrap.warehouse()
    except Error as error:
        what = "is open in another process; stop soukmon up first" if "lock" in str(error) else "is no warehouse"
        raise ConfigurationError(f"{Path(settings.state_dir) / 'warehouse.duckdb'} {what}") from error


def link_keys(state: str) -> tuple[str, ...]:
    """The keys that sign links: the environment's, else those of a local installation."""
    if bootstrap.settings().link_keys or not has_state(state):
        return bootstrap.link_keys()
    from infra.local.secrets import local_secrets  # noqa: PLC0415 - only for an installation on this machine

    return (local_secrets(Path(state)).link_key,)
