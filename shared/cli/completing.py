"""What a shell offers where a rule, a job, a report, a person or an incident is to be named; never an error."""

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from shared import bootstrap
from shared.cli.state_folder import has_state, use
from shared.config.loader import load
from shared.domain.configuration import Configuration
from shared.errors import ConfigurationError
from shared.ports.store import Query
from shared.usecases.records import INCIDENTS

Complete = Callable[[click.Context, click.Parameter, str], list[str]]
NEWEST = 50


def _of_configuration(names: Callable[[Configuration], Iterable[str]]) -> Complete:
    def complete(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
        folder: Path | None = context.params.get("config_dir")
        try:
            config = load(folder) if folder else bootstrap.config()
        except (ConfigurationError, OSError):
            return []
        return [name for name in names(config) if name.startswith(incomplete)]

    return complete


rules = _of_configuration(
    lambda config: [*(one.name for one in config.metric_rules), *(one.name for one in config.event_rules)]
)
metric_rules = _of_configuration(lambda config: [one.name for one in config.metric_rules])
jobs = _of_configuration(lambda config: [one.name for one in config.jobs])
reports = _of_configuration(lambda config: config.reporting.reports)
people = _of_configuration(lambda config: config.directory.people)
rotations = _of_configuration(lambda config: config.directory.rotations)


def incidents(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The newest incidents of the state folder."""
    state = context.params.get("state") or ".soukmon"
    if not has_state(state):
        return []
    use(state)
    found = bootstrap.state().find(Query(INCIDENTS, order_by="opened_at", newest_first=True, limit=NEWEST))
    return [row.id for row in found if row.id.startswith(incomplete)]
