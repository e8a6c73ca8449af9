"""The only place that chooses engines and providers; each SDK is imported when its client is first needed."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from shared import settings as environment
from shared.domain.configuration import Configuration
from shared.domain.containment import Kind
from shared.domain.notifications import Channel
from shared.errors import ConfigurationError
from shared.ports.acting import Containing, RollbackTriggers
from shared.ports.messages import Notifier
from shared.ports.objects import Archive, Website
from shared.ports.people import Identities, SignIn
from shared.ports.platform import CallFunction, Clock, Publisher
from shared.ports.probing import Prober
from shared.ports.store import Body, StateStore
from shared.ports.warehouse import LogReader, PlatformMetrics, Warehouse
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.adapters.sqlite_query_history import SqliteQueryHistory
    from shared.adapters.twilio_client import TwilioAccount
    from shared.usecases.compose import Composer
    from shared.usecases.make_reports import Press
    from shared.usecases.page_site import Site


class _Choices:
    """What the local platform and tests put in place of the environment's choices."""

    settings: Settings | None = None
    clock: Clock | None = None
    publisher: Publisher | None = None
    configuration: Configuration | None = None
    warehouse: Warehouse | None = None
    state: StateStore | None = None
    platform: PlatformMetrics | None = None
    around: Callable[[Notifier], Notifier] | None = None


def install(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    publisher: Publisher | None = None,
    configuration: Configuration | None = None,
    warehouse: Warehouse | None = None,
    state: StateStore | None = None,
    platform: PlatformMetrics | None = None,
    around: Callable[[Notifier], Notifier] | None = None,
) -> None:
    """Choose explicitly (None: by the environment, read anew) and forget every client made so far.

    `around` is put around each channel's provider.
    """
    _Choices.settings, _Choices.clock = settings, clock
    _Choices.publisher, _Choices.configuration = publisher, configuration
    _Choices.warehouse, _Choices.state, _Choices.platform = warehouse, state, platform
    _Choices.around = around
    for factory in (
        environment.current,
        config,
        _state,
        bus,
        objects,
        seals,
        reports,
        backups,
        archive,
        website,
        _warehouse,
        sqlite_query_history,
        cached_warehouse,
        _twilio,
        notifier,
        sign_in,
        containing,
    ):
        factory.cache_clear()


def settings() -> Settings:
    """The installation's settings."""
    return _Choices.settings or environment.current()


def clock() -> Clock:
    """The time."""
    if _Choices.clock is not None:
        return _Choices.clock
    from shared.adapters.clocks import SystemClock  # noqa: PLC0415 - lazily, as all engines

    return SystemClock()


def publisher() -> Publisher:
    """The bus."""
    return _Choices.publisher or bus()


@lru_cache(maxsize=1)
def config() -> Configuration:
    """The checked configuration."""
    if _Choices.configuration is not None:
        return _Choices.configuration
    from shared.config.loader import load  # noqa: PLC0415

    directory = settings().config_dir
    return load(Path(directory) if directory else None)


def present() -> Configuration:
    """The configuration with what people have changed since it was deployed; read anew for each event."""
    from shared.usecases.present import present as amended  # noqa: PLC0415

    return amended(config(), store=state(), now=clock().now())


def state() -> StateStore:
    """The state store."""
    return _Choices.state or _state()


@lru_cache(maxsize=1)
def _state() -> StateStore:
    if _is_google():
        return _firestore()
    from shared.adapters.sqlite_state import SqliteState  # noqa: PLC0415

    return SqliteState(Path(settings().state_dir) / "state.db")


@lru_cache(maxsize=1)
def bus() -> Publisher:
    """The publisher of the chosen engine."""
    if _is_google():
        from shared.adapters.pubsub import PubSubPublisher, client  # noqa: PLC0415

        return PubSubPublisher(settings().project, client, prefix=settings().topic_prefix)
    from shared.adapters.sqlite_bus import SqliteBus  # noqa: PLC0415

    return SqliteBus(Path(settings().state_dir) / "bus.db", clock=clock())


@lru_cache(maxsize=1)
def objects() -> Archive:
    """The object store."""
    if _is_google():
        return _cloud_storage()
    from shared.adapters.folder import FolderObjects  # noqa: PLC0415

    return FolderObjects(Path(settings().state_dir) / "objects")


@lru_cache(maxsize=1)
def seals() -> Archive:
    """Where the seals of the record are kept; in production in a bucket that deletes and overwrites nothing."""
    if not _is_google():
        return objects()
    if not settings().seals_bucket:
        raise ConfigurationError("SOUKMON_SEALS_BUCKET is not set; give the name of the bucket that keeps the seals")
    return _bucket(settings().seals_bucket)


@lru_cache(maxsize=1)
def reports() -> Archive:
    """Where reports are archived; in production in a bucket that keeps each for as long as reports.yaml says."""
    if not _is_google():
        from shared.adapters.folder import FolderObjects  # noqa: PLC0415

        return FolderObjects(Path(settings().state_dir) / "reports")
    if not settings().reports_bucket:
        raise ConfigurationError("SOUKMON_REPORTS_BUCKET is not set; give the name of the bucket that archives reports")
    return _bucket(settings().reports_bucket)


@lru_cache(maxsize=1)
def backups() -> Archive:
    """Where our own backups are kept; in production in a bucket that keeps each for its time."""
    if not _is_google():
        from shared.adapters.folder import FolderObjects  # noqa: PLC0415

        return FolderObjects(Path(settings().state_dir) / "backups")
    if not settings().backups_bucket:
        raise ConfigurationError("SOUKMON_BACKUPS_BUCKET is not set; give the name of the bucket that keeps backups")
    return _bucket(settings().backups_bucket)


@lru_cache(maxsize=1)
def archive() -> Archive:
    """Where log rotation keeps its archives; in production in a bucket that nothing can be deleted from for years."""
    if not _is_google():
        from shared.adapters.folder import FolderObjects  # noqa: PLC0415

        return FolderObjects(Path(settings().state_dir) / "archive")
    if not settings().archive_bucket:
        raise ConfigurationError("SOUKMON_ARCHIVE_BUCKET is not set; give the name of the bucket for archives")
    return _bucket(settings().archive_bucket)


def logs() -> LogReader:
    """What was logged."""
    if _is_google():
        return _cloud_logging()
    from shared.adapters.warehouse_logs import WarehouseLogs  # noqa: PLC0415

    return WarehouseLogs(warehouse())


def _cloud_logging() -> LogReader:
    from shared.adapters.cloud_logging import CloudLogging, client  # noqa: PLC0415

    return CloudLogging(settings().project, client)


@lru_cache(maxsize=1)
def website() -> Website:
    """Where the public status page lies."""
    if _is_google():
        return _public_bucket()
    from shared.adapters.folder import FolderWebsite  # noqa: PLC0415

    return FolderWebsite(Path(settings().state_dir) / "status")


def warehouse() -> Warehouse:
    """The warehouse."""
    return _Choices.warehouse or _warehouse()


@lru_cache(maxsize=1)
def _warehouse() -> Warehouse:
    if _is_google():
        return _bigquery()
    from shared.adapters.duckdb_warehouse import DuckDBWarehouse  # noqa: PLC0415

    return DuckDBWarehouse(Path(settings().state_dir) / "warehouse.duckdb", recorder=sqlite_query_history())


@lru_cache(maxsize=1)
def sqlite_query_history() -> "SqliteQueryHistory":
    """What the local warehouse's queries took."""
    from shared.adapters.sqlite_query_history import SqliteQueryHistory  # noqa: PLC0415

    return SqliteQueryHistory(Path(settings().state_dir) / "queries.db", clock())


@lru_cache(maxsize=1)
def cached_warehouse() -> Warehouse:
    """The warehouse for pages: whoever looks at the same within a minute is answered from memory."""
    from shared.adapters.cached_warehouse import CachedWarehouse  # noqa: PLC0415

    return CachedWarehouse(warehouse(), clock())


def platform_metrics() -> PlatformMetrics:
    """What the platform measures of itself."""
    if _Choices.platform is not None:
        return _Choices.platform
    if _is_google():
        return _cloud_monitoring()
    from shared.adapters.no_platform_metrics import NoPlatformMetrics  # noqa: PLC0415

    return NoPlatformMetrics()


def _cloud_monitoring() -> PlatformMetrics:
    from shared.adapters.cloud_monitoring import CloudMonitoring  # noqa: PLC0415

    return CloudMonitoring(settings().project)


def link_keys() -> tuple[str, ...]:
    """The keys that sign acknowledgement links, oldest first; the last one signs."""
    keys = tuple(key for key in settings().link_keys.split(",") if key)
    if not keys:
        raise ConfigurationError("SOUKMON_LINK_KEYS is not set; give it one long random key, several to rotate")
    return keys


def link_url() -> str:
    """Where acknowledgement links lead; short, because they travel in text messages."""
    return settings().link_url or f"{settings().public_url}/a"


def chart_url() -> str:
    """Where the charts in messages are fetched from."""
    return settings().chart_url or f"{settings().public_url}/c"


def calendar_url() -> str:
    """Where calendars of duties are subscribed to."""
    return settings().calendar_url or f"{settings().public_url}/cal"


def unsubscribe_url() -> str:
    """Where the links lead that end mails of a kind."""
    return settings().unsubscribe_url or f"{settings().public_url}/u"


def reports_url() -> str:
    """Where the links to reports lead."""
    return settings().reports_url or f"{settings().public_url}/r"


def press() -> "Press":
    """What making reports needs."""
    from shared.usecases.make_reports import Press  # noqa: PLC0415 - only one function makes reports
    from shared.usecases.report_link import ReportLinks  # noqa: PLC0415

    links = ReportLinks(reports_url(), link_keys())
    return Press(present(), state(), warehouse(), reports(), publisher(), clock(), links)


def dashboard_url() -> str:
    """Where incidents are looked at."""
    return settings().dashboard_url or settings().public_url


def status_url() -> str:
    """Where the public status page is read."""
    return settings().status_url or f"{settings().public_url}/status"


def subscriptions_url() -> str:
    """Where mails about the status page are asked for and ended."""
    return settings().subscriptions_url or f"{settings().public_url}/s"


def prober() -> Prober:
    """Looks at our own addresses from outside, as far as this place is outside."""
    from shared.adapters.http_probe import HttpProber  # noqa: PLC0415

    return HttpProber()


def mailer() -> Notifier:
    """E-mail alone, for functions that write nobody by other means."""
    return _email()


def composer(chosen: Configuration | None = None) -> "Composer":
    """Makes messages from ledger rows, for the people of the configuration given (else as they are now)."""
    from shared.usecases.compose import Addresses, Composer  # noqa: PLC0415

    addresses = Addresses(dashboard_url(), link_url(), chart_url(), unsubscribe_url())
    return Composer(chosen or present(), state(), clock(), objects(), addresses, link_keys())


@lru_cache(maxsize=8)
def notifier(channel: Channel) -> Notifier:
    """The provider of a channel; its SDK is imported here and nowhere else."""
    makers: dict[Channel, Callable[[], Notifier]] = {
        Channel.SLACK: _slack,
        Channel.SMS: _sms,
        Channel.EMAIL: _email,
        Channel.VOICE: _voice,
        Channel.PUSH: _push,
    }
    made = makers[channel]()
    return _Choices.around(made) if _Choices.around else made


def own_functions() -> CallFunction:
    """Calls of our own functions."""
    from shared.adapters.own_functions import OwnFunctions  # noqa: PLC0415

    return OwnFunctions(function_url, with_tokens=bool(settings().push_audience))


def rollbacks() -> RollbackTriggers:
    """The ways back that maintenance windows may name."""
    from shared.adapters.cloud_build import CloudBuildRollbacks  # noqa: PLC0415
    from shared.adapters.rollback_webhooks import WebhookRollbacks  # noqa: PLC0415
    from shared.adapters.rollbacks import Rollbacks  # noqa: PLC0415

    chosen = settings()
    key = ([one.strip() for one in chosen.rollback_keys.split(",") if one.strip()] or [""])[-1]
    hooks = WebhookRollbacks(key, config().maintenance.hosts, clock(), base_url=chosen.rollback_url)
    builds = CloudBuildRollbacks(chosen.project, base_url=chosen.rollback_url, token=chosen.rollback_token)
    return Rollbacks(hooks, builds)


def open_view(trigger: str, view: Body) -> None:
    """Implements `OpenView`; the SDK is imported by whoever asks for a modal, and by nobody else."""
    from shared.adapters import slack_views  # noqa: PLC0415

    slack_views.open_view(trigger, view, token=settings().slack_token, base_url=settings().slack_url)


def _slack() -> Notifier:
    from shared.adapters.slack import SlackNotifier  # noqa: PLC0415

    return SlackNotifier(settings().slack_token, base_url=settings().slack_url)


def _sms() -> Notifier:
    from shared.adapters.twilio import TwilioSms  # noqa: PLC0415

    callback = function_url("receive_twilio_callback")
    return TwilioSms(_twilio(), sender=settings().twilio_from, status_callback=callback)


def _voice() -> Notifier:
    from shared.adapters.twilio_voice import TwilioVoice  # noqa: PLC0415

    return TwilioVoice(
        _twilio(),
        sender=settings().twilio_voice_from or settings().twilio_from,
        answer_url=function_url("answer_call"),
        status_callback=function_url("receive_twilio_callback"),
    )


@lru_cache(maxsize=1)
def _twilio() -> "TwilioAccount":
    from shared.adapters.twilio_client import TwilioAccount  # noqa: PLC0415

    chosen = settings()
    return TwilioAccount(chosen.twilio_account, (twilio_tokens() or ("",))[-1], base_url=chosen.twilio_url)


def twilio_tokens() -> tuple[str, ...]:
    """The tokens Twilio may sign with, oldest first; the last one is used to send."""
    return tuple(token for token in settings().twilio_token.split(",") if token)


def function_url(name: str) -> str:
    """The public address of a function; a provider's signature covers exactly this text."""
    given = settings().functions_url
    if "{name}" in given:
        return given.replace("{name}", name.replace("_", "-"))
    return f"{given or settings().public_url + '/functions'}/{name}"


def _push() -> Notifier:
    from shared.adapters.fcm import FcmPush  # noqa: PLC0415

    chosen = settings()
    return FcmPush(chosen.project, base_url=chosen.fcm_url, token=chosen.fcm_token)


def identities() -> Identities:
    """Who signed in to the responders' app."""
    from shared.adapters.firebase_identities import FirebaseIdentities  # noqa: PLC0415

    return FirebaseIdentities(settings().project, keys=settings().identity_keys)


def site() -> "Site":
    """What the pages need."""
    from shared.usecases.page_site import Mode, Site  # noqa: PLC0415 - only one function has pages

    mode = Mode(settings().sign_in) if settings().sign_in in set(Mode) else Mode.NONE
    return Site(mode, sign_in(mode), link_keys(), present(), state(), publisher(), clock(), cached_warehouse, reports)


@lru_cache(maxsize=4)
def sign_in(mode: str) -> SignIn:
    """How the readers of the pages prove who they are; its library is imported for the way that was chosen."""
    chosen = settings()
    if mode == "iap":
        from shared.adapters.iap_sign_in import IapSignIn  # noqa: PLC0415

        return IapSignIn(chosen.iap_audience, keys=chosen.iap_keys)
    from shared.adapters.token_sign_in import FirebaseSignIn, LocalSignIn, NoSignIn  # noqa: PLC0415

    if mode == "firebase":
        return FirebaseSignIn(identities())
    if mode == "local":
        people = config().directory.people.values()
        return LocalSignIn(chosen.sign_in_token, {one.id: one.email for one in people if one.email})
    return NoSignIn()


@lru_cache(maxsize=4)
def containing(kind: Kind) -> Containing:
    """What carries out a kind of measure against a breach; Google's clients are imported here and nowhere else."""
    chosen = settings()
    if kind in {Kind.REVOKE_SESSIONS, Kind.REQUIRE_PASSWORD_RESET}:
        from shared.adapters import firebase_users  # noqa: PLC0415

        users = firebase_users.FirebaseUsers(chosen.project, base_url=chosen.google_url, token=chosen.google_token)
        return firebase_users.Sessions(users) if kind is Kind.REVOKE_SESSIONS else firebase_users.Passwords(users)
    from shared.adapters import google_management  # noqa: PLC0415

    rest = google_management.rest(base_url=chosen.google_url, token=chosen.google_token)
    if kind is Kind.DISABLE_SERVICE_ACCOUNT:
        return google_management.ServiceAccounts(rest, chosen.project)
    return google_management.LogBuckets(rest, chosen.project)


def _email() -> Notifier:
    from shared.adapters.smtp import SmtpEmail  # noqa: PLC0415

    chosen = settings()
    return SmtpEmail(
        chosen.smtp_host,
        int(chosen.smtp_port),
        user=chosen.smtp_user,
        password=chosen.smtp_password,
        security=chosen.smtp_security,
        sender=config().email_from,
    )


def _firestore() -> StateStore:
    from google.cloud import firestore  # noqa: PLC0415

    from shared.adapters.firestore import FirestoreState  # noqa: PLC0415

    chosen = settings()
    return FirestoreState(lambda: firestore.Client(project=chosen.project, database=chosen.database))


def _cloud_storage() -> Archive:
    if not settings().bucket:
        raise ConfigurationError("SOUKMON_BUCKET is not set; give the name of the bucket that keeps objects")
    return _bucket(settings().bucket)


def _bucket(name: str) -> Archive:
    from google.cloud.storage import Client  # noqa: PLC0415

    from shared.adapters.cloud_storage import CloudStorageObjects  # noqa: PLC0415

    chosen = settings()
    return CloudStorageObjects(name, lambda: Client(project=chosen.project))


def _public_bucket() -> Website:
    from google.cloud.storage import Client  # noqa: PLC0415

    from shared.adapters.cloud_storage_website import CloudStorageWebsite  # noqa: PLC0415

    chosen = settings()
    if not chosen.status_bucket:
        raise ConfigurationError("SOUKMON_STATUS_BUCKET is not set; give the name of the bucket of the status page")
    return CloudStorageWebsite(chosen.status_bucket, lambda: Client(project=chosen.project))


def _bigquery() -> Warehouse:
    from google.cloud import bigquery  # noqa: PLC0415

    from shared.adapters.bigquery.warehouse import BigQueryWarehouse  # noqa: PLC0415

    chosen = settings()
    return BigQueryWarehouse(lambda: bigquery.Client(project=chosen.project))


def _is_google() -> bool:
    engine = settings().engine
    if engine not in {"embedded", "google"}:
        raise ConfigurationError(f"SOUKMON_ENGINE={engine} is not available; use embedded or google")
    return engine == "google"
