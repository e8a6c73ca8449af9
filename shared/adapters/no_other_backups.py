"""Where there is no Google, there are no backups of its making."""

from collections.abc import Mapping, Sequence

from shared.domain.backups import Seen, Stored, Watched
from shared.errors import NotMeasuredError


class NoOtherBackups:
    """Implements `OtherBackups` where there is no Google."""

    def seen(self, one: Watched) -> Sequence[Seen]:
        """Refused."""
        raise NotMeasuredError(f"a {one.source} can be looked at with SOUKMON_ENGINE=google alone")

    def stored(self, bucket: str) -> Mapping[str, Stored]:
        """Refused."""
        raise NotMeasuredError(f"the bucket {bucket} can be looked at with SOUKMON_ENGINE=google alone")
