"""backups.yaml put together."""

from shared.config.backups_wire import BackupsFile, WatchedWire
from shared.config.durations import duration
from shared.config.faults import Fault
from shared.domain.backups import BackupRules, Objectives, Source, Watched


def backups(file: BackupsFile) -> BackupRules:
    """What the file says. Raises Fault."""
    promised = Objectives(duration(file.objectives.restored_within), duration(file.objectives.lost_at_most))
    watched = tuple(_watched(name, wire, file) for name, wire in file.watched.items())
    return BackupRules(duration(file.max_age), file.sample, promised, watched)


def _watched(name: str, wire: WatchedWire, file: BackupsFile) -> Watched:
    if bool(wire.where) is (wire.source is Source.FIRESTORE_SCHEDULE):
        what = f"a {wire.source} {'is kept by Firestore itself' if wire.where else 'is kept somewhere'}"
        fix = "leave where: out" if wire.where else "write where: with the bucket or dataset that it is kept in"
        raise Fault(("watched", name), what, fix)
    if wire.where == wire.of:
        what, fix = f"{wire.of} is no backup of itself", "write another bucket or dataset"
        raise Fault(("watched", name, "where"), what, fix)
    return Watched(name, wire.source, wire.of, wire.where, duration(wire.max_age or file.max_age))
