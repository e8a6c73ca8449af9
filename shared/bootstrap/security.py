"""What the security scan and the updates reach; each SDK is imported when it is first needed."""

from pathlib import Path
from typing import TYPE_CHECKING

from shared import bootstrap, typed
from shared.domain.access_review import Baseline, OwnAccess
from shared.domain.pinned import NPM
from shared.errors import ConfigurationError
from shared.ports.objects import ObjectStore
from shared.ports.security import Advisories, DeployedLocks, Repository
from shared.usecases.jobs.access import Reviewed
from shared.usecases.releases import KeptReleases

if TYPE_CHECKING:
    from shared.adapters.github import GitHub
    from shared.usecases.jobs.updates import Updating


def advisories() -> Advisories:
    """What is known of vulnerabilities."""
    from shared.adapters.osv import Osv  # noqa: PLC0415 - lazily, as all of them

    return Osv(base_url=bootstrap.settings().osv_url)


def releases() -> KeptReleases:
    """The packages of the functions, release by release; on one machine a folder, mostly empty."""
    return KeptReleases(_released())


def deployed_locks() -> tuple[DeployedLocks, ...]:
    """What is installed: here, and in every function of the newest release."""
    from shared.adapters.running_packages import RunningPackages  # noqa: PLC0415
    from shared.usecases.jobs.released_packages import ReleasedPackages  # noqa: PLC0415

    web = bootstrap.config().security.web_lock
    here = (RunningPackages(), ReleasedPackages(releases()))
    if web is None:
        return here
    from shared.adapters.github import RepositoryLock  # noqa: PLC0415 - only where a repository is named

    return *here, RepositoryLock(_github(web.repository, ""), web.path, NPM)


def repository() -> Repository | None:
    """Where updates are proposed; None where security.yaml names no repository."""
    plan = bootstrap.config().security.updates
    return _github(plan.repository, plan.branch) if plan.repository else None


def updating() -> "Updating":
    """What updates of packages reach."""
    from shared.adapters.pypi import PyPI  # noqa: PLC0415 - lazily, as all of them
    from shared.adapters.running_packages import RunningPackages  # noqa: PLC0415
    from shared.usecases.jobs.released_packages import ReleasedPackages  # noqa: PLC0415
    from shared.usecases.jobs.updates import Updating  # noqa: PLC0415

    kept = releases()
    return Updating(
        bootstrap.config().security.updates,
        advisories(),
        PyPI(base_url=bootstrap.settings().pypi_url),
        (ReleasedPackages(kept), RunningPackages()),
        repository(),
        kept,
        bootstrap.objects(),
        bootstrap.state(),
    )


def _github(name: str, branch: str) -> "GitHub":
    from shared.adapters.github import GitHub  # noqa: PLC0415

    chosen = bootstrap.settings()
    return GitHub(name, branch=branch, token=chosen.github_token, base_url=chosen.github_url)


def reviewed() -> Reviewed:
    """Who has access, and what is declared about it."""
    chosen, plan = bootstrap.settings(), bootstrap.config().security
    own = typed.decode_json(chosen.own_access, OwnAccess) if chosen.own_access else OwnAccess()
    baseline = Baseline(chosen.project, plan.access, own)
    if chosen.engine == "embedded" and not chosen.google_url:
        from shared.adapters.no_access_review import NoAccessReview  # noqa: PLC0415

        return Reviewed(NoAccessReview(), NoAccessReview(), baseline, plan.rules)
    from shared.adapters.google_rest import Rest  # noqa: PLC0415
    from shared.adapters.google_review import FirebaseRules, GoogleAccess  # noqa: PLC0415

    rest = Rest(base_url=chosen.google_url, token=chosen.google_token)
    return Reviewed(GoogleAccess(rest, chosen.project), FirebaseRules(rest, chosen.project), baseline, plan.rules)


def _released() -> ObjectStore:
    chosen = bootstrap.settings()
    if chosen.engine != "google":
        from shared.adapters.folder import FolderObjects  # noqa: PLC0415

        return FolderObjects(Path(chosen.state_dir) / "releases")
    if not chosen.releases_bucket:
        raise ConfigurationError("SOUKMON_RELEASES_BUCKET is not set; give the name of the bucket of the packages")
    from google.cloud.storage import Client  # noqa: PLC0415

    from shared.adapters.cloud_storage import CloudStorageObjects  # noqa: PLC0415

    return CloudStorageObjects(chosen.releases_bucket, lambda: Client(project=chosen.project))
