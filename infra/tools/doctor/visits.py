"""Puts together what is asked for: the checks of a project, of this machine, or of the queries alone."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from infra.tools.doctor.outcomes import Check, CheckError, skipped, stopped_by
from infra.tools.estate import Estate, estate
from shared.domain.configuration import Configuration
from shared.errors import ConfigurationError
from shared.settings import Settings

if TYPE_CHECKING:
    from google.cloud import bigquery

DEFAULT = "production"


def visit(
    *,
    project: str,
    environment: str | None,
    state_dir: Path,
    sql_only: bool,
    configuration: Configuration | None,
    settings: Settings,
    now: datetime,
) -> list[Check]:
    """The checks; raises ConfigurationError while it is not written down what the project consists of."""
    from infra.tools.doctor.examination import of_machine  # noqa: PLC0415 - Google's clients are slow to load

    found = estate(environment or DEFAULT, project=project) if project or environment else None
    if sql_only:
        return _queries(found, configuration, now)
    if found is None:
        return of_machine(configuration, settings, state_dir=state_dir, now=now)
    if configuration is None:
        raise ConfigurationError("the configuration cannot be loaded; `soukmon check` says why")
    return _of_project(found, configuration, settings, now)


def _of_project(found: Estate, configuration: Configuration, settings: Settings, now: datetime) -> list[Check]:
    from infra.tools.doctor import examination, site  # noqa: PLC0415

    try:
        credentials, outcome = site.signed_in()
    except CheckError as error:
        refused = Check("credentials", partial(stopped_by, error))
        rest = examination.of_people(
            configuration, settings, production=found.environment == "production", now=now, store=None
        )
        everything = skipped("nothing of the project can be looked at without credentials")
        return [refused, Check("project", lambda: everything), *(Check(name, run) for name, run in rest.items())]
    clients = examination.clients_of(found, credentials, site.session(credentials))
    checks = examination.of_project(found, clients, configuration=configuration, settings=settings, now=now)
    return [Check("credentials", lambda: outcome), *checks]


def _queries(found: Estate | None, configuration: Configuration | None, now: datetime) -> list[Check]:
    """Against the project's warehouse; without a project against the embedded one, with all its tables and views."""
    from google.cloud import bigquery  # noqa: PLC0415

    from infra.tools.doctor.dry_runs import dry_runs  # noqa: PLC0415
    from shared.adapters.bigquery.warehouse import BigQueryWarehouse  # noqa: PLC0415

    if configuration is None:
        raise ConfigurationError("the configuration cannot be loaded; `soukmon check` says why")
    if found is None:
        return dry_runs(BigQueryWarehouse(_embedded), metrics=configuration.metrics, now=now)
    from infra.tools.doctor.site import signed_in  # noqa: PLC0415

    try:
        credentials, _ = signed_in()
    except CheckError as error:
        return [Check("credentials", partial(stopped_by, error))]
    client = bigquery.Client(project=found.project, credentials=credentials)
    return dry_runs(BigQueryWarehouse(lambda: client), metrics=configuration.metrics, now=now)


def _embedded() -> "bigquery.Client":
    from infra.local.warehouse.preparing import prepare  # noqa: PLC0415
    from infra.local.warehouse.rest import client  # noqa: PLC0415
    from shared.adapters.duckdb_warehouse import DuckDBWarehouse  # noqa: PLC0415

    engine = DuckDBWarehouse(None)
    prepare(engine)
    return client(engine)
