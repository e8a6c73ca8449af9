"""What maintenance jobs need; each job's steps, and the SDKs behind them, are imported when its first step is taken."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from shared import bootstrap
from shared.usecases.jobs.running import Step, Workshop
from shared.usecases.window_records import windows

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
    from shared.bootstrap_outside import firebase_services  # noqa: PLC0415 - lazily, as all jobs
    from shared.usecases.jobs.health import Patient, health_steps  # noqa: PLC0415

    reached = bootstrap.config(), bootstrap.state(), bootstrap.warehouse(), bootstrap.prober(), bootstrap.clock()
    return health_steps(Patient(*reached, firebase_services()))


def security_scan() -> Mapping[str, Step]:
    """The security scan's steps."""
    from shared.bootstrap_outside import outside  # noqa: PLC0415
    from shared.bootstrap_security import advisories, deployed_locks, reviewed  # noqa: PLC0415 - lazily, as all jobs
    from shared.usecases.jobs.dependencies import Exposed  # noqa: PLC0415
    from shared.usecases.jobs.outside import outside_steps  # noqa: PLC0415
    from shared.usecases.jobs.security import security_steps  # noqa: PLC0415

    scan = Exposed(bootstrap.config().security, advisories(), deployed_locks(), bootstrap.state())
    return {**security_steps(scan, reviewed()), **outside_steps(outside())}


def performance_audit() -> Mapping[str, Step]:
    """The performance audit's steps."""
    from shared.bootstrap_outside import delivered  # noqa: PLC0415 - lazily, as all jobs
    from shared.usecases.jobs.cdn import cdn_step  # noqa: PLC0415
    from shared.usecases.jobs.performance import Audited, performance_steps  # noqa: PLC0415

    reached = bootstrap.config(), bootstrap.site_reader(), bootstrap.state(), bootstrap.warehouse()
    return {**performance_steps(Audited(*reached, bootstrap.query_history())), **cdn_step(delivered())}
