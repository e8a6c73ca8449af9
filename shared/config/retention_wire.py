"""The shape of retention.yaml."""

from enum import StrEnum

from shared.config.wire import Duration, Strict
from shared.domain.retention import Kept


class Archiving(StrEnum):
    """What comes before a removal."""

    FIRST = "first"
    NONE = "none"


class ClassWire(Strict):
    """How long documents of a class are kept, and what comes before they are removed."""

    kept_for: Duration
    archive: Archiving = Archiving.FIRST


class RetentionFile(Strict):
    """retention.yaml: the classes by the kind of their documents."""

    classes: dict[Kept, ClassWire]
