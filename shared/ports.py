"""What the use cases need from the outside world: small protocols, each with an embedded and a production engine."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from shared.domain.access_review import Binding, Bucket, Key, Service
from shared.domain.advisories import Advisory
from shared.domain.backups import Seen, Stored, Watched
from shared.domain.containment import Effect
from shared.domain.pinned import Lock, Pin
from shared.domain.rollbacks import RollbackTarget
from shared.domain.updates import Details, Offered

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """A stored JSON object; `version` is what a later commit may demand to be unchanged."""

    collection: str
    id: str
    body: Body
    version: str


@dataclass(frozen=True, slots=True)
class Create:
    """Write a document that must not exist yet."""

    collection: str
    id: str
    body: Body


@dataclass(frozen=True, slots=True)
class Replace:
    """Overwrite a document that must still have the version that was read."""

    collection: str
    id: str
    body: Body
    version: str


@dataclass(frozen=True, slots=True)
class Put:
    """Write a document whatever was there."""

    collection: str
    id: str
    body: Body


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a document if it is there; with a `version`, only the one that was read, and it must still be there."""

    collection: str
    id: str
    version: str | None = None


Write = Create | Replace | Put | Delete


@dataclass(frozen=True, slots=True)
class Query:
    """Documents of a collection: all `equal`, and `low <= order_by <= high` (ISO strings sort as instants).

    Documents without the `order_by` field are left out, and equal ones follow by id, as in Firestore. Ascending unless
    `newest_first`. `after` in place of `equal` and `order_by` gives every document by its id, those after that one.
    """

    collection: str
    equal: Mapping[str, str] = field(default_factory=dict)
    order_by: str = ""
    low: str | None = None
    high: str | None = None
    newest_first: bool = False
    limit: int = 500
    after: str | None = None


class StateStore(Protocol):
    """Documents with compare-and-set commits. Firestore in production, SQLite embedded."""

    def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the field's word
        """The document, or None."""

    def find(self, query: Query) -> list[Document]:
        """The documents the query selects; always served by an index."""

    def commit(self, writes: Sequence[Write]) -> None:
        """All writes or none; raises ConflictError when a precondition does not hold."""


class Publisher(Protocol):
    """Puts a message on a topic. Pub/Sub in production, a durable SQLite queue embedded."""

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        """The message id, once the message is stored durably."""


class Clock(Protocol):
    """The time; always aware, in UTC."""

    def now(self) -> datetime:
        """The present instant."""


class ObjectStore(Protocol):
    """Named bytes that are never overwritten. Cloud Storage in production, a folder embedded."""

    def create(self, name: str, data: bytes, *, content_type: str) -> bool:
        """Store once; False when the name exists already."""

    def read(self, name: str) -> bytes | None:
        """The bytes, or None."""


@dataclass(frozen=True, slots=True)
class Probed:
    """How an address answered: `reason` is why it was not right ("" when it was)."""

    reason: str = ""
    latency_ms: float | None = None
    certificate_ends: datetime | None = None


class Prober(Protocol):
    """Fetches an address as a visitor's browser would."""

    def look(self, url: str, *, slow_after: timedelta, contains: str, lacks: Sequence[str]) -> Probed:
        """What came back; never raises for what the other side does."""


class Website(Protocol):
    """A folder of files that anybody may read. A public bucket of Cloud Storage in production, a folder embedded."""

    def put(self, name: str, data: bytes, *, content_type: str) -> None:
        """Write a file whatever was there; readers see the old one or the new one, never a part."""

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""

    def read(self, name: str) -> bytes | None:
        """The file, or None."""


@dataclass(frozen=True, slots=True)
class SlackBody:
    """A Slack message: `text` is the fallback shown in notifications, `blocks` is Block Kit JSON."""

    text: str
    blocks: tuple[Body, ...] = ()


@dataclass(frozen=True, slots=True)
class InlinePicture:
    """A PNG inside a mail; the mail's HTML shows it as "cid:<name>"."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class EmailBody:
    """An e-mail's content; `thread` is a stable name that keeps one incident in one thread.

    `unsubscribe_url` is where one click ends mails of this kind (RFC 8058); only what may be ended has one, and a
    `list_name` ("digest") by which mail readers sort it (RFC 2919).
    """

    subject: str
    text: str
    html: str
    locale: str = "en"
    thread: str = ""
    pictures: tuple[InlinePicture, ...] = ()
    unsubscribe_url: str = ""
    list_name: str = ""


@dataclass(frozen=True, slots=True)
class SmsBody:
    """A text message, already bounded for its segments."""

    text: str


@dataclass(frozen=True, slots=True)
class CallBody:
    """A telephone call; what is said is asked for when somebody answers, so that it is never out of date."""


@dataclass(frozen=True, slots=True)
class PushBody:
    """What a telephone shows at once: two short texts; a tap on them leads to `url`.

    A newer message replaces an older one of the same `group`. `urgent` ones break through a sleeping telephone's
    saving of power and its summaries.
    """

    title: str
    text: str
    url: str = ""
    group: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one address. `reference` is our own id, by which a lost answer can be looked up later.

    Slack: `to` is a channel id (or name), `thread` a message's ts to answer under, `replaces` the ts of the message to
    update in place, `only_for` the user who alone may see it. Push: `to` is a line for each
    of the person's devices. Elsewhere `to` is the address or E.164 number. `opens` is the name under which a later
    message finds this one to replace it.
    """

    reference: str
    to: str
    body: SlackBody | EmailBody | SmsBody | CallBody | PushBody
    thread: str = ""
    replaces: str = ""
    only_for: str = ""
    since: datetime | None = None
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took the message; `provider_id` is its id there ("C123:1700000000.000100" on Slack: channel:ts).

    `dead` are those of its addresses (devices) behind which there is nobody any more.
    """

    provider_id: str
    dead: tuple[str, ...] = ()


class Notifier(Protocol):
    """One channel's provider."""

    def send(self, message: Outgoing) -> Sent:
        """Hand the message over; raises TemporaryFailureError, PermanentFailureError or UnknownOutcomeError."""

    def find(self, message: Outgoing) -> Sent | None:
        """The message of an earlier send whose answer was lost; None when the provider does not know it."""


class Identities(Protocol):
    """Who signed in to the responders' app. Firebase Authentication in production, a local issuer embedded."""

    def email_of(self, authorization: str) -> str:
        """The verified e-mail address behind an Authorization header.

        Raises RefusedError: 401 without a valid token, 403 when its address is not verified.
        """


class SignIn(Protocol):
    """How the readers of the pages prove who they are. One of a few adapters; which one is a setting."""

    def email_of(self, headers: Mapping[str, str]) -> str:
        """The verified e-mail address behind a request's headers, "" when they carry no proof.

        Raises RefusedError (401, or 403 when the address is not verified) for a proof that does not hold.
        """


class CallFunction(Protocol):
    """Calls one of our own functions."""

    def __call__(self, function: str, headers: Mapping[str, str], body: bytes) -> int:
        """The HTTP status of its answer; raises OSError when it cannot be reached."""


class OpenView(Protocol):
    """Shows somebody a modal in Slack."""

    def __call__(self, trigger: str, view: Body) -> None:
        """Open it for whoever made the interaction of this trigger; raises DeliveryError when Slack does not."""


class Containing(Protocol):
    """One kind of measure against a breach. Google's APIs in production, the sandbox's embedded."""

    def foresee(self, target: str) -> Effect:
        """What `carry_out` would do to the target now; changes nothing. Raises ContainmentError."""

    def carry_out(self, target: str) -> str:
        """Do it, and say what was done; doing it twice does no harm. Raises ContainmentError."""


@dataclass(frozen=True, slots=True)
class RollbackCall:
    """Why a rollback is run: the window, the reason, who asked; `nonce` is one and the same for one asking."""

    window: str
    because: str
    by: str
    nonce: str


class RollbackTriggers(Protocol):
    """Webhooks and Cloud Build triggers that put back what ran before."""

    def check(self, target: RollbackTarget) -> str:
        """See that the target is there and would let us call it, without starting anything; its own words.

        Raises TemporaryFailureError, PermanentFailureError or UnknownOutcomeError.
        """

    def run(self, target: RollbackTarget, call: RollbackCall) -> str:
        """Start it; what it says of it. Raises as `check`: temporary only where it surely was not started."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a query (none for a statement that changes data) and the bytes the warehouse bills for it."""

    rows: tuple[Mapping[str, Any], ...] = ()
    bytes_billed: int = 0


Parameter = str | int | float | bool | datetime | Sequence[str] | Sequence[datetime]


class Warehouse(Protocol):
    """Tables of raw exports and metric points. BigQuery in production, DuckDB embedded."""

    def query(self, name: str, parameters: Mapping[str, Parameter], *, maximum_bytes: int | None = None) -> Answer:
        """Run the named .sql file with its parameters bound.

        Raises ByteCapError when it would read more than `maximum_bytes`, QueryError when it cannot run at all.
        """

    def append(self, table: str, rows: Sequence[Body]) -> None:
        """Add JSON rows to a table ("dataset.table"); instants are RFC 3339 texts."""

    def stamp(self, tables: Sequence[str]) -> str:
        """A text that changes when rows come into any of the tables ("dataset.table", "dataset.prefix*").

        "" when none of them holds a row (or exists).
        """


@dataclass(frozen=True, slots=True)
class PlatformFigure:
    """How one resource (a function, a database) does in a span, and how it usually does. `what` is our word for it."""

    resource: str
    what: str
    now: float
    usual: float | None = None


class PlatformMetrics(Protocol):
    """What the platform measures of itself. Cloud Monitoring in production; embedded there is none."""

    def figures(self, group: str, *, usual_since: datetime, since: datetime, until: datetime) -> list[PlatformFigure]:
        """The figures of a group ("functions", "firestore").

        Raises QueryError when they cannot be had, and NotMeasuredError where there are none at all.
        """


class Advisories(Protocol):
    """What is known of vulnerabilities. OSV (osv.dev)."""

    def search(self, pins: Sequence[Pin]) -> Mapping[Pin, Mapping[str, str]]:
        """For each pin the ids of what is known of it, each with the stamp of its state. Raises SourceError."""

    def read(self, id: str) -> Advisory:  # noqa: A002 - the field's word
        """One of them in full. Raises SourceError."""


class DeployedLocks(Protocol):
    """What is installed where our functions run."""

    def locks(self) -> Sequence[Lock]:
        """Every lock file of it. Raises SourceError."""


class AccessReview(Protocol):
    """Who has access to the project and what is public in it. Google's APIs in production, the sandbox's embedded."""

    def bindings(self) -> Sequence[Binding]:
        """The roles on the project. Raises SourceError, as all of them."""

    def buckets(self) -> Sequence[Bucket]:
        """Its buckets, with what everybody may do in them."""

    def services(self) -> Sequence[Service]:
        """Its services, with whether everybody may call them."""

    def keys(self) -> Sequence[Key]:
        """The keys of its service accounts that people keep."""


class SecurityRules(Protocol):
    """The security rules of Firestore and Cloud Storage that are in force."""

    def deployed(self) -> Mapping[str, str]:
        """The source of each, by what it is for ("cloud.firestore"). Raises SourceError."""


class Archive(ObjectStore, Protocol):
    """An object store whose names can be listed."""

    def names(self, prefix: str) -> list[str]:
        """Every name that begins with the prefix, in order."""


class Freezing(Protocol):
    """A state store that can be read as it stood at one instant, so that what it says fits together."""

    def frozen(self, at: datetime, *, now: datetime) -> AbstractContextManager[tuple[datetime, StateStore]]:
        """The instant as of which it is read (`at` where the engine remembers it, else `now`), and what reads it."""


class OtherBackups(Protocol):
    """Backups that are not ours: we look at them, and change nothing."""

    def seen(self, one: Watched) -> Sequence[Seen]:
        """The backups that are whole. Raises NotMeasuredError where they cannot be looked at, with what is missing."""

    def stored(self, bucket: str) -> Mapping[str, Stored]:
        """A bucket's objects by their names. Raises NotMeasuredError."""


class Scratch(Protocol):
    """A place to restore to that is nobody's: it can never be the live store."""

    def empty(self) -> StateStore:
        """An empty store; what an earlier run left there is gone."""

    def clear(self) -> None:
        """Leave nothing behind."""


class PackageIndex(Protocol):
    """What versions of packages there are. PyPI."""

    def offered(self, name: str) -> Sequence[Offered]:
        """Every version of a project; none for one that is gone. Raises SourceError."""

    def details(self, name: str, version: str) -> Details:
        """What one version requires, and where its changes are written down. Raises SourceError."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change of one file, as it is proposed: `name` is one and the same for the same content."""

    name: str
    path: str
    content: str
    title: str
    body: str


class Repository(Protocol):
    """Where changes are proposed, and never merged by us. GitHub."""

    def read(self, path: str) -> str:
        """A file of the default branch. Raises SourceError."""

    def propose(self, proposed: Proposed) -> str:
        """Open it, or find it opened already; the address where it is judged. Raises SourceError."""

    def checks(self, proposed: str) -> str:
        """What its checks came to: "passed", "failed" or "pending". Raises SourceError."""

    def tell(self, proposed: str, result: str) -> None:
        """Write the result of its checks beside it, once. Raises SourceError."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of a log. `id` is the writer's own (insertId): the same entry twice has the same `id` and instant."""

    id: str
    at: datetime
    body: Body


class LogReader(Protocol):
    """Reads logs back. Cloud Logging in production; embedded, what the warehouse has of them."""

    def errors(self, since: datetime, until: datetime) -> Iterator[LogLine]:
        """Entries of severity ERROR and worse in [since, until), oldest first, equal instants by id, each once.

        Raises QueryError when they cannot be read, and NotMeasuredError where nobody may read any.
        """
