"""What maintenance jobs need; each job's steps, and the SDKs behind them, are imported when its first step is taken."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, cast

from shared import bootstrap
from shared.usecases.jobs.running import Step, Workshop
from shared.usecases.window_records import windows

if TYPE_CHECKING:
    from shared.ports.objects import OtherBackups
    from shared.ports.store import Freezing
    from shared.usecases.jobs.keeping import Keeper

Maker = Callable[[], Mapping[str, Step]]


def shop(makers: Mapping[str, Maker]) -> Workshop:
    """The place where the jobs of these makers run; a function names its own, and carries nothing of the others."""
    return Workshop(
        bootstrap.config().jobs,
        frozenset(makers),
        lru_cache(maxsize=None)(lambda name: makers[name]()),
        bootstrap.state(),
        bootstrap.publisher(),
        bootstrap.clock(),
        is_window=lambda now: any(one.is_open_at(now) for one in windows(bootstrap.state(), since=now)),
    )


def health_check() -> Mapping[str, Step]:
    """The health check's steps."""
    from shared.bootstrap.outside import firebase_services  # noqa: PLC0415 - lazily, as all jobs
    from shared.usecases.jobs.health import Patient, health_steps  # noqa: PLC0415

    reached = bootstrap.config(), bootstrap.state(), bootstrap.warehouse(), bootstrap.prober(), bootstrap.clock()
    return health_steps(Patient(*reached, firebase_services()))


def security_scan() -> Mapping[str, Step]:
    """The security scan's steps."""
    from shared.bootstrap.outside import outside  # noqa: PLC0415
    from shared.bootstrap.security import advisories, deployed_locks, reviewed  # noqa: PLC0415 - lazily, as all jobs
    from shared.usecases.jobs.dependencies import Exposed  # noqa: PLC0415
    from shared.usecases.jobs.outside import outside_steps  # noqa: PLC0415
    from shared.usecases.jobs.security import security_steps  # noqa: PLC0415

    scan = Exposed(bootstrap.config().security, advisories(), deployed_locks(), bootstrap.state())
    return {**security_steps(scan, reviewed()), **outside_steps(outside())}


def performance_audit() -> Mapping[str, Step]:
    """The performance audit's steps."""
    from shared.bootstrap.audits import audited  # noqa: PLC0415 - lazily, as all jobs
    from shared.bootstrap.outside import delivered  # noqa: PLC0415
    from shared.usecases.jobs.cdn import cdn_step  # noqa: PLC0415
    from shared.usecases.jobs.performance import performance_steps  # noqa: PLC0415

    return {**performance_steps(audited()), **cdn_step(delivered())}


def database_optimization() -> Mapping[str, Step]:
    """The database optimization's steps."""
    from shared.bootstrap.audits import cleaning, database  # noqa: PLC0415 - lazily, as all jobs
    from shared.usecases.jobs.database import database_steps  # noqa: PLC0415

    return database_steps(database(), cleaning())


def system_audit() -> Mapping[str, Step]:
    """The system audit's steps."""
    from shared.usecases.jobs.auditor import Auditor  # noqa: PLC0415 - lazily, as all jobs
    from shared.usecases.jobs.system_audit import system_audit_steps  # noqa: PLC0415

    reached = bootstrap.config(), bootstrap.state(), bootstrap.seals(), bootstrap.warehouse()
    return system_audit_steps(Auditor(*reached))


def backup_verification() -> Mapping[str, Step]:
    """The backup verification's steps."""
    from shared.usecases.jobs.backup_verification import verification_steps  # noqa: PLC0415

    return verification_steps(_keeper())


def backup_integrity_test() -> Mapping[str, Step]:
    """The backup integrity test's steps."""
    from shared.usecases.jobs.backup_integrity import Workbench, integrity_steps  # noqa: PLC0415

    return integrity_steps(Workbench(_keeper(), bootstrap.seals()))


def _keeper() -> "Keeper":
    from shared.adapters.indexes import INDEXES  # noqa: PLC0415
    from shared.adapters.scratch import SqliteScratch  # noqa: PLC0415
    from shared.config.archived import files_of, loaded  # noqa: PLC0415
    from shared.domain.backups import Source, Watched  # noqa: PLC0415
    from shared.usecases.jobs.keeping import Copied, Keeper  # noqa: PLC0415

    settings = bootstrap.settings()
    home = Path(settings.config_dir) if settings.config_dir else None
    scheduled = Watched("firestore", Source.FIRESTORE_SCHEDULE, settings.database, max_age=timedelta(hours=36))
    return Keeper(
        bootstrap.config(),
        bootstrap.state(),
        cast("Freezing", bootstrap.state()),  # both engines can be read as of an instant
        tuple(INDEXES),
        bootstrap.backups(),
        SqliteScratch(Path(gettempdir() if settings.engine == "google" else settings.state_dir) / "soukmon-scratch"),
        bootstrap.warehouse(),
        bootstrap.clock(),
        lambda: files_of(home),
        loaded,
        _other_backups(),
        (Copied("seals", bootstrap.seals(), "seals/"), Copied("reports", bootstrap.reports())),
        (scheduled,) if settings.engine == "google" else (),
    )


def _other_backups() -> "OtherBackups":
    settings = bootstrap.settings()
    if settings.engine != "google":
        from shared.adapters.no_other_backups import NoOtherBackups  # noqa: PLC0415

        return NoOtherBackups()
    from google.cloud import bigquery, firestore_admin_v1, storage  # noqa: PLC0415

    from shared.adapters.google_backups import GoogleBackups  # noqa: PLC0415

    return GoogleBackups(
        settings.project,
        firestore=firestore_admin_v1.FirestoreAdminClient,
        storage=lambda: storage.Client(project=settings.project),
        bigquery=lambda: bigquery.Client(project=settings.project),
    )


def dependency_updates() -> Mapping[str, Step]:
    """The steps of the updates of packages."""
    from shared.bootstrap.security import updating  # noqa: PLC0415 - lazily, as all jobs
    from shared.usecases.jobs.updates import update_steps  # noqa: PLC0415

    return update_steps(updating())


def followed_proposal() -> str:
    """What the checks of the proposal that is open came to, when that was found out just now; else ""."""
    from shared.bootstrap.security import repository  # noqa: PLC0415 - see above
    from shared.usecases.jobs.proposals import follow  # noqa: PLC0415

    return follow(bootstrap.state(), repository(), bootstrap.clock().now())


def log_rotation() -> Mapping[str, Step]:
    """The log rotation's steps."""
    from shared.usecases.jobs.rotation import Rotation, rotation_steps  # noqa: PLC0415 - lazily, as all jobs

    reached = bootstrap.config(), bootstrap.state(), bootstrap.logs(), bootstrap.warehouse(), bootstrap.seals()
    return rotation_steps(Rotation(*reached, bootstrap.archive(), bootstrap.clock()))
