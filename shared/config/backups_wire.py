"""The shape of backups.yaml."""

from typing import Annotated

from msgspec import Meta, field

from shared.config.wire import Duration, Name, Strict, Text
from shared.domain.backups import Source


class WatchedWire(Strict):
    """A backup that somebody else makes."""

    source: Source
    of: Text
    where: str = ""
    max_age: Duration | None = None


class ObjectivesWire(Strict):
    """What a recovery is promised to take, and to lose."""

    restored_within: Duration = "1h"
    lost_at_most: Duration = "26h"


class BackupsFile(Strict):
    """backups.yaml: how old backups may be, how many documents are read back, and whose others are looked at."""

    max_age: Duration = "26h"
    sample: Annotated[int, Meta(ge=1, le=1_000)] = 25
    objectives: ObjectivesWire = field(default_factory=ObjectivesWire)
    watched: dict[Name, WatchedWire] = field(default_factory=dict)
