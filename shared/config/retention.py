"""retention.yaml put together."""

from datetime import timedelta

from shared.config.durations import duration
from shared.config.faults import Fault
from shared.config.retention_wire import Archiving, ClassWire, RetentionFile
from shared.domain.retention import Kept, RetentionClass

AT_LEAST = timedelta(days=30)


def retention(file: RetentionFile) -> tuple[RetentionClass, ...]:
    """The classes, in the order of the file. Raises Fault."""
    return tuple(_class(kind, wire) for kind, wire in file.classes.items())


def _class(kind: Kept, wire: ClassWire) -> RetentionClass:
    kept_for = duration(wire.kept_for)
    if kept_for < AT_LEAST:
        raise Fault(
            ("classes", kind, "kept_for"), f"{wire.kept_for} is too short to look into anything", "write 30d or more"
        )
    if wire.archive is Archiving.NONE and kind is not Kept.RECEIPTS:
        why = f"{kind} tell what happened and are archived before they are removed"
        raise Fault(("classes", kind, "archive"), why, "leave it out, or write first")
    return RetentionClass(kind, kept_for, wire.archive is Archiving.FIRST)
