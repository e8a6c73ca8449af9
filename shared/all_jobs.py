"""Every job by its name, for the command line; a function takes what it runs from bootstrap_jobs itself."""

from collections.abc import Mapping

from shared import bootstrap, bootstrap_jobs
from shared.bootstrap_jobs import Maker, shop
from shared.errors import ConfigurationError
from shared.usecases.jobs.running import Workshop

MAKERS: Mapping[str, Maker] = {
    "health_check": bootstrap_jobs.health_check,
    "database_optimization": bootstrap_jobs.database_optimization,
    "log_rotation": bootstrap_jobs.log_rotation,
    "performance_audit": bootstrap_jobs.performance_audit,
    "security_scan": bootstrap_jobs.security_scan,
    "system_audit": bootstrap_jobs.system_audit,
    "backup_verification": bootstrap_jobs.backup_verification,
    "backup_integrity_test": bootstrap_jobs.backup_integrity_test,
    "dependency_updates": bootstrap_jobs.dependency_updates,
}


def workshop(*names: str) -> Workshop:
    """The place where the named jobs run; all of jobs.yaml's where none is named. Raises ConfigurationError."""
    if unknown := set(names) - MAKERS.keys():
        raise ConfigurationError(f"there is no job {', '.join(sorted(unknown))}")
    wanted = names or [plan.name for plan in bootstrap.config().jobs if plan.name in MAKERS]
    return shop({name: MAKERS[name] for name in wanted})
