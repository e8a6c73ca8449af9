"""The errors that cross layers; everything else is a bug or a passing fault and is raised as it is."""

from datetime import timedelta


class PermanentError(Exception):
    """Retrying will not help: acknowledge the delivery (and keep the input where it can be looked at)."""


class UndecodableError(PermanentError):
    """Input that no parser understands; it goes to the dead-letter store with this reason."""


class RefusedError(PermanentError):
    """A request that is forged, stale, replayed or not entitled; answered with `status`, nothing is kept."""

    def __init__(self, reason: str, *, status: int = 401) -> None:
        super().__init__(reason)
        self.status = status


class ConfigurationError(PermanentError):
    """Refused configuration; the text names file, line and fix."""


class QueryError(Exception):
    """The warehouse could not answer; the text is the engine's own, without data."""


class ByteCapError(QueryError):
    """The query would have read more bytes than it may."""


class NotMeasuredError(QueryError):
    """There is nothing here that could answer; the text says what is missing."""


class SiteError(Exception):
    """A website gave no answer that could be looked at; the text says which address and why."""


class ConflictError(Exception):
    """Somebody else committed first: read again and decide again."""


class NotYetError(Exception):
    """Due in a few seconds: let the bus deliver it again, sooner than the next minute's tick would."""


class ContainmentError(Exception):
    """A measure against a breach was refused or met a fault; the text has no personal data."""


class SourceError(Exception):
    """A source that a job reads (vulnerabilities, releases of packages, a repository, Google's APIs) did not answer.

    `status` is the HTTP status of its refusal; 0 when it could not be reached. The text names it, without its data.
    """

    def __init__(self, text: str, *, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


class DeliveryError(Exception):
    """A provider did not take a message. `code` is the provider's own error code or name."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


class TemporaryFailureError(DeliveryError):
    """Try again, not before `retry_after` when the provider named a wait."""

    def __init__(self, code: str, detail: str = "", *, retry_after: timedelta | None = None) -> None:
        super().__init__(code, detail)
        self.retry_after = retry_after


class PermanentFailureError(DeliveryError):
    """A message that will never get through this way.

    `channel_broken`: the fault lies with the channel, not with the recipient. `opted_out`: the person sent STOP.
    `address_gone`: the provider is sure that nobody will ever be reached there.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        channel_broken: bool = False,
        opted_out: bool = False,
        address_gone: bool = False,
    ) -> None:
        super().__init__(code, detail)
        self.channel_broken = channel_broken
        self.opted_out = opted_out
        self.address_gone = address_gone


class UnknownOutcomeError(DeliveryError):
    """The provider may or may not have taken the message (a timeout after the request was written)."""
