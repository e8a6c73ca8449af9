"""The engines the local platform runs on: this machine's own, or Google's, in their emulators."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, Self
from uuid import uuid4

from infra.local.emulators import FIRESTORE, PUBSUB, running
from infra.local.pulled_bus import PulledBus
from infra.local.storage_emulator import storage
from infra.local.warehouse.on_demand import WarehouseOnDemand
from shared.adapters.sqlite_bus import SqliteBus
from shared.ports.platform import Clock
from shared.ports.warehouse import Warehouse
from shared.settings import Settings


class Engines(Protocol):
    """What the platform asks of a set of engines."""

    def chosen(self, settings: Settings) -> Settings:
        """The settings that choose them."""

    def bus(self, folder: Path, topics: Iterable[str], *, clock: Clock) -> SqliteBus | PulledBus:
        """The bus that the platform carries."""

    def warehouse(self, local: WarehouseOnDemand) -> Warehouse:
        """How functions see the local warehouse."""


class Embedded:
    """SQLite, a folder and DuckDB."""

    def chosen(self, settings: Settings) -> Settings:
        """As every installation on one machine."""
        return replace(settings, engine="embedded")

    def bus(self, folder: Path, topics: Iterable[str], *, clock: Clock) -> SqliteBus:
        """A durable queue beside the state."""
        del topics
        return SqliteBus(folder / "bus.db", clock=clock)

    def warehouse(self, local: WarehouseOnDemand) -> Warehouse:
        """Itself."""
        return local


EMBEDDED = Embedded()


@dataclass(frozen=True, slots=True)
class Emulated:
    """Google's engines, found by their clients through the environment; a project of its own keeps runs apart."""

    project: str

    @classmethod
    def anew(cls) -> Self:
        """An empty project, with its buckets."""
        from google.cloud.storage import Client  # noqa: PLC0415 - only here

        made = cls(f"souk-{uuid4().hex[:8]}")
        kept = (made.reports_bucket, made.backups_bucket, made.archive_bucket)
        for bucket in (made.bucket, made.seals_bucket, made.status_bucket, *kept):
            Client(project=made.project).create_bucket(bucket)
        return made

    @property
    def bucket(self) -> str:
        """Where its objects are: all buckets of the emulator share one space of names."""
        return f"{self.project}-objects"

    @property
    def seals_bucket(self) -> str:
        """Where the seals of its record are."""
        return f"{self.project}-seals"

    @property
    def status_bucket(self) -> str:
        """Where its public status page is."""
        return f"{self.project}-status"

    @property
    def reports_bucket(self) -> str:
        """Where its reports are archived."""
        return f"{self.project}-reports"

    @property
    def backups_bucket(self) -> str:
        """Where its backups are."""
        return f"{self.project}-backups"

    @property
    def archive_bucket(self) -> str:
        """Where log rotation keeps its archives."""
        return f"{self.project}-archive"

    def chosen(self, settings: Settings) -> Settings:
        """As in production, in this project."""
        return replace(
            settings,
            engine="google",
            project=self.project,
            bucket=self.bucket,
            seals_bucket=self.seals_bucket,
            status_bucket=self.status_bucket,
            reports_bucket=self.reports_bucket,
            backups_bucket=self.backups_bucket,
            archive_bucket=self.archive_bucket,
        )

    def bus(self, folder: Path, topics: Iterable[str], *, clock: Clock) -> PulledBus:
        """Topics and subscriptions of the emulator."""
        del folder
        return PulledBus(self.project, topics, prefix=Settings().topic_prefix, clock=clock)

    def warehouse(self, local: WarehouseOnDemand) -> Warehouse:
        """Google's own client over BigQuery's REST API within this process."""
        from infra.local.warehouse.rest import client  # noqa: PLC0415 - only here
        from shared.adapters.bigquery.warehouse import BigQueryWarehouse  # noqa: PLC0415

        return BigQueryWarehouse(lambda: client(local.made()))


@contextmanager
def emulated() -> Iterator[Emulated]:
    """Start the emulators and name them in the environment until the block ends. Raises NotInstalledError."""
    with ExitStack() as stack:
        hosts = [stack.enter_context(running(one)) for one in (FIRESTORE, PUBSUB)]
        stack.enter_context(_named(dict(zip(("FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST"), hosts, strict=True))))
        stack.enter_context(storage())
        yield Emulated.anew()


@contextmanager
def _named(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
