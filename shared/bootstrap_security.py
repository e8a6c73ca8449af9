"""What the security scan and the updates reach; each SDK is imported when it is first needed."""

from pathlib import Path

import msgspec

from shared import bootstrap
from shared.domain.access_review import Baseline, OwnAccess
from shared.ports import Advisories, DeployedLocks, ObjectStore
from shared.usecases.jobs.access import Reviewed
from shared.usecases.releases import KeptReleases


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

    return RunningPackages(), ReleasedPackages(releases())


def reviewed() -> Reviewed:
    """Who has access, and what is declared about it."""
    chosen, plan = bootstrap.settings(), bootstrap.config().security
    own = msgspec.json.decode(chosen.own_access, type=OwnAccess) if chosen.own_access else OwnAccess()
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
    if chosen.engine == "google" and chosen.releases_bucket:
        from google.cloud.storage import Client  # noqa: PLC0415

        from shared.adapters.cloud_storage import CloudStorageObjects  # noqa: PLC0415

        return CloudStorageObjects(chosen.releases_bucket, lambda: Client(project=chosen.project))
    from shared.adapters.folder import FolderObjects  # noqa: PLC0415

    return FolderObjects(Path(chosen.state_dir) / "releases")
