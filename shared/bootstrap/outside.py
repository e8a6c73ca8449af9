"""What the looks from outside and at Firebase reach; each SDK is imported when it is first needed."""

from shared import bootstrap
from shared.ports.outside import FirebaseServices
from shared.usecases.jobs.cdn import Delivered
from shared.usecases.jobs.outside import Outside


def outside() -> Outside:
    """What the security scan looks at from outside."""
    from shared.adapters.http_answers import HttpAnswers  # noqa: PLC0415 - lazily, as all of them
    from shared.adapters.tls_inspector import SocketTls  # noqa: PLC0415

    return Outside(bootstrap.config(), SocketTls(), HttpAnswers())


def delivered() -> Delivered:
    """How the site is delivered."""
    from shared.adapters.http_answers import HttpAnswers  # noqa: PLC0415
    from shared.adapters.http_site import HttpSite  # noqa: PLC0415

    return Delivered(bootstrap.config(), HttpSite(), HttpAnswers())


def firebase_services() -> FirebaseServices:
    """The marketplace's Firebase project."""
    chosen = bootstrap.settings()
    if chosen.engine == "embedded" and not chosen.google_url:
        from shared.adapters.no_firebase import NoFirebase  # noqa: PLC0415

        return NoFirebase()
    from shared.adapters.firebase_services import GoogleFirebase  # noqa: PLC0415
    from shared.adapters.google_rest import Rest  # noqa: PLC0415

    return GoogleFirebase(Rest(base_url=chosen.google_url, token=chosen.google_token), chosen.project)
