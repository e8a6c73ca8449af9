"""What people call units, and what each is in the unit that a metric of its kind is kept in."""

from shared.domain.rules import Unit

# KB is 1000 bytes as everywhere in networking; KiB is 1024. Times are in milliseconds.
NAMES: dict[str, tuple[Unit, float]] = {
    **dict.fromkeys(("%", "percent"), (Unit.PERCENT, 1)),
    **dict.fromkeys(("b", "byte", "bytes"), (Unit.BYTES, 1)),
    **{name: (Unit.BYTES, 1000**power) for power, name in enumerate(("kb", "mb", "gb"), 1)},
    **{name: (Unit.BYTES, 1024**power) for power, name in enumerate(("kib", "mib", "gib"), 1)},
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), (Unit.MILLISECONDS, 1)),
    **dict.fromkeys(("s", "sec", "second", "seconds"), (Unit.MILLISECONDS, 1_000)),
    **dict.fromkeys(("m", "min", "minute", "minutes"), (Unit.MILLISECONDS, 60_000)),
    **dict.fromkeys(("h", "hour", "hours"), (Unit.MILLISECONDS, 3_600_000)),
    **dict.fromkeys(("", "count"), (Unit.COUNT, 1)),
}


def named(name: str) -> tuple[Unit, float] | None:
    """The base unit and how many of it the named unit is; None for a name nobody uses."""
    return NAMES.get(name.lower())
