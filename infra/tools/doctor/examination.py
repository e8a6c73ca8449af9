"""Which checks there are, of a project and of this machine, in the order in which they are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from google.auth.credentials import Credentials
from google.cloud import bigquery

from infra.tools.doctor import bus, functions, machine, people, project, providers, schedules, sinks, state, warehouse
from infra.tools.doctor.google import GoogleApis
from infra.tools.doctor.outcomes import Check, Outcome
from infra.tools.doctor.site import Site
from infra.tools.estate import Estate
from shared.domain.configuration import Configuration
from shared.ports.store import StateStore
from shared.settings import Settings
from shared.usecases.present import present

Named = Mapping[str, Callable[[], Outcome]]


@dataclass(frozen=True)
class Clients:
    """What a project's checks speak to; each is made once."""

    google: GoogleApis
    bigquery: bigquery.Client
    state: StateStore


def of_project(
    estate: Estate, clients: Clients, *, configuration: Configuration, settings: Settings, now: datetime
) -> list[Check]:
    """Every check of an installation in a project."""
    site = Site(estate, clients.google, now)
    tables = warehouse.Tables(clients.bigquery, estate, now)
    named: dict[str, Callable[[], Outcome]] = {
        "project": partial(project.project, site),
        "apis": partial(project.apis, site),
        "functions": partial(functions.functions, site),
        "sign-in": partial(functions.pages, site),
        "schedules": partial(schedules.schedules, site),
        "secrets": partial(functions.secrets, site),
        "topics": partial(bus.topics, site),
        "subscriptions": partial(bus.subscriptions, site),
        "log sinks": partial(sinks.sinks, site),
        "errors to topic": partial(sinks.publishing, site),
        "requests to bigquery": partial(warehouse.sink_writes, tables, partial(sinks.writer, site)),
        "database": partial(state.database, site),
        "indexes": partial(state.indexes, site),
        "old documents": partial(state.deletion, site),
        "heartbeats": partial(state.heartbeats, clients.state, now),
        **{f"export {name}": partial(warehouse.export, tables, name) for name in estate.exports},
        "warehouse": partial(warehouse.own, tables),
        **providers.providers(providers.settings_of(site, settings), site.secret, sender=configuration.email_from),
        **of_people(
            configuration, settings, production=estate.environment == "production", now=now, store=clients.state
        ),
    }
    return [Check(name, run) for name, run in named.items()]


def of_machine(
    configuration: Configuration | None, settings: Settings, *, state_dir: Path, now: datetime
) -> list[Check]:
    """Every check of this machine; without a configuration that can be loaded there is nobody to look for."""
    named: dict[str, Callable[[], Outcome]] = dict(machine.checks(state_dir, now))
    if configuration is None:
        named["configuration"] = partial(people.configuration, _folder(settings), production=False)
    else:
        named |= of_people(configuration, settings, production=False, now=now, store=None)
    return [Check(name, run) for name, run in named.items()]


def of_people(
    configuration: Configuration, settings: Settings, *, production: bool, now: datetime, store: StateStore | None
) -> Named:
    """The checks of the configuration and its people; `store` holds what they have changed since it was deployed."""

    def now_is() -> Configuration:
        """With the duties taken over and the channels turned off since it was deployed, where there is a state."""
        return present(configuration, store=store, now=now) if store is not None else configuration

    return {
        "configuration": partial(people.configuration, _folder(settings), production=production),
        "on call": lambda: people.roster(now_is(), now),
        "reachable": lambda: people.reachable(now_is()),
    }


def _folder(settings: Settings) -> Path | None:
    return Path(settings.config_dir) if settings.config_dir else None


def clients_of(estate: Estate, credentials: Credentials, google: GoogleApis) -> Clients:
    """Google's own clients, as the owner of the credentials."""
    from google.cloud import firestore  # noqa: PLC0415 - heavy

    from shared.adapters.firestore import FirestoreState  # noqa: PLC0415

    def database() -> firestore.Client:
        return firestore.Client(project=estate.project, database=estate.database, credentials=credentials)

    asked = bigquery.Client(project=estate.project, credentials=credentials)
    return Clients(google, asked, FirestoreState(database))
