"""Every job by its name, for the command line; a function takes what it runs from `jobs` itself."""

from collections.abc import Mapping

from shared import bootstrap
from shared.bootstrap import jobs
from shared.bootstrap.jobs import Maker, shop
from shared.errors import ConfigurationError
from shared.usecases.jobs.running import Workshop

MAKERS: Mapping[str, Maker] = {
    "health_check": jobs.health_check,
    "database_optimization": jobs.database_optimization,
    "log_rotation": jobs.log_rotation,
    "performance_audit": jobs.performance_audit,
    "security_scan": jobs.security_scan,
    "system_audit": jobs.system_audit,
    "backup_verification": jobs.backup_verification,
    "backup_integrity_test": jobs.backup_integrity_test,
    "dependency_updates": jobs.dependency_updates,
}


def workshop(*names: str) -> Workshop:
    """The place where the named jobs run; all of jobs.yaml's where none is named. Raises ConfigurationError."""
    if unknown := set(names) - MAKERS.keys():
        raise ConfigurationError(f"there is no job {', '.join(sorted(unknown))}")
    wanted = names or [plan.name for plan in bootstrap.config().jobs if plan.name in MAKERS]
    return shop({name: MAKERS[name] for name in wanted})
