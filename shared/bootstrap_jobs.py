"""What maintenance jobs need; each job's steps, and the SDKs behind them, are imported when its first step is taken."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from shared import bootstrap
from shared.errors import ConfigurationError
from shared.usecases.jobs.running import Step, Workshop
from shared.usecases.window_records import windows


def workshop(*names: str) -> Workshop:
    """The place where the named jobs run; all of jobs.yaml's where none is named. Raises ConfigurationError."""
    plans = bootstrap.config().jobs
    if unknown := set(names) - MAKERS.keys():
        raise ConfigurationError(f"there is no job {', '.join(sorted(unknown))}")
    return Workshop(
        plans,
        frozenset(names or (plan.name for plan in plans)),
        lru_cache(maxsize=None)(lambda name: MAKERS[name]()),
        bootstrap.state(),
        bootstrap.publisher(),
        bootstrap.clock(),
        is_window=lambda now: any(one.is_open_at(now) for one in windows(bootstrap.state(), since=now)),
    )


def _health_check() -> Mapping[str, Step]:
    from shared.usecases.jobs.health import Patient, health_steps  # noqa: PLC0415 - lazily, as all jobs

    reached = bootstrap.config(), bootstrap.state(), bootstrap.warehouse(), bootstrap.prober(), bootstrap.clock()
    return health_steps(Patient(*reached))


def _performance_audit() -> Mapping[str, Step]:
    from shared.bootstrap_audits import audited  # noqa: PLC0415 - lazily, as all jobs
    from shared.usecases.jobs.performance import performance_steps  # noqa: PLC0415

    return performance_steps(audited())  # the step `cdn` comes beside these


def _database_optimization() -> Mapping[str, Step]:
    from shared.bootstrap_audits import cleaning, database  # noqa: PLC0415 - lazily, as all jobs
    from shared.usecases.jobs.database import database_steps  # noqa: PLC0415

    return database_steps(database(), cleaning())


MAKERS: Mapping[str, Callable[[], Mapping[str, Step]]] = {
    "health_check": _health_check,
    "performance_audit": _performance_audit,
    "database_optimization": _database_optimization,
}
