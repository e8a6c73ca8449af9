"""What maintenance jobs need; each job's steps, and the SDKs behind them, are imported when its first step is taken."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from shared import bootstrap
from shared.usecases.jobs.running import Step, Workshop
from shared.usecases.window_records import windows

if TYPE_CHECKING:
    from shared.ports import Freezing
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
    from shared.usecases.jobs.health import Patient, health_steps  # noqa: PLC0415 - lazily, as all jobs

    reached = bootstrap.config(), bootstrap.state(), bootstrap.warehouse(), bootstrap.prober(), bootstrap.clock()
    return health_steps(Patient(*reached))


def security_scan() -> Mapping[str, Step]:
    """The security scan's steps."""
    from shared.bootstrap_security import advisories, deployed_locks, reviewed  # noqa: PLC0415 - lazily, as all jobs
    from shared.usecases.jobs.dependencies import Exposed  # noqa: PLC0415
    from shared.usecases.jobs.security import security_steps  # noqa: PLC0415

    scan = Exposed(bootstrap.config().security, advisories(), deployed_locks(), bootstrap.state())
    return security_steps(scan, reviewed())


def performance_audit() -> Mapping[str, Step]:
    """The performance audit's steps."""
    from shared.usecases.jobs.performance import Audited, performance_steps  # noqa: PLC0415 - lazily, as all jobs

    reached = bootstrap.config(), bootstrap.site_reader(), bootstrap.state(), bootstrap.warehouse()
    return performance_steps(Audited(*reached, bootstrap.query_history()))  # with the step `cdn` beside them


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
    from shared.usecases.jobs.keeping import Copied, Keeper  # noqa: PLC0415

    settings = bootstrap.settings()
    home = Path(settings.config_dir) if settings.config_dir else None
    return Keeper(
        bootstrap.config(),
        bootstrap.state(),
        cast("Freezing", bootstrap.state()),  # both engines can be read as of an instant
        tuple(INDEXES),
        bootstrap.backups(),
        SqliteScratch(),
        bootstrap.warehouse(),
        bootstrap.clock(),
        lambda: files_of(home),
        loaded,
        (Copied("seals", bootstrap.seals(), "seals/"), Copied("reports", bootstrap.reports())),
    )
