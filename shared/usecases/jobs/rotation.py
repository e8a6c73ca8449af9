"""Log rotation: error logs archived, performance logs processed, the audit trail verified, expired data removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from shared.domain.configuration import Configuration
from shared.ports.objects import ObjectStore
from shared.ports.platform import Clock
from shared.ports.store import StateStore
from shared.ports.warehouse import LogReader, Warehouse
from shared.usecases.jobs.audit_trail import Notary, audit_trail
from shared.usecases.jobs.error_logs import LogKeeper, error_logs
from shared.usecases.jobs.expired_data import Archivist, expired_data
from shared.usecases.jobs.performance_logs import Accountant, performance_logs
from shared.usecases.jobs.running import Step


@dataclass(frozen=True, slots=True)
class Rotation:
    """What is reached: our own store, the logs, the warehouse, the seals, and the archive."""

    config: Configuration
    store: StateStore
    logs: LogReader
    warehouse: Warehouse
    seals: ObjectStore
    archive: ObjectStore
    clock: Clock


def rotation_steps(reached: Rotation) -> Mapping[str, Step]:
    """The steps; each may be taken again from its beginning: what is archived already is found and read back."""
    config, store, archive, clock = reached.config, reached.store, reached.archive, reached.clock
    return {
        "error_logs": partial(error_logs, LogKeeper(reached.logs, store, archive, clock)),
        "performance_logs": partial(performance_logs, Accountant(config, reached.warehouse, store, archive, clock)),
        "audit_trail": partial(audit_trail, Notary(store, reached.seals, clock)),
        "expired_data": partial(expired_data, Archivist(config.retention, store, archive, clock)),
    }
