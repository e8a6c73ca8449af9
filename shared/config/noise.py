"""noise.yaml put together: inhibitions, quiet hours, what breaks through, flapping."""

from datetime import time

from shared.config import time_zones
from shared.config.durations import duration
from shared.config.faults import Fault, Path
from shared.config.wire import InhibitionWire, NoiseFile, QuietHoursWire, QuietSpanWire
from shared.domain.flapping import Flapping
from shared.domain.inhibitions import Inhibition
from shared.domain.matchers import Matcher, parse
from shared.domain.noise import Noise
from shared.domain.quiet_hours import EVERY_DAY, QuietHours, QuietSpan
from shared.domain.severities import Severity

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def noise(file: NoiseFile) -> Noise:
    """What mutes what. Raises Fault."""
    flapping = file.flapping
    return Noise(
        inhibitions=tuple(_inhibition(wire, ("inhibitions", n)) for n, wire in enumerate(file.inhibitions)),
        quiet_hours=None if file.quiet_hours is None else _quiet_hours(file.quiet_hours),
        break_through=file.break_through,
        awake_for=duration(file.awake_for),
        flapping=Flapping(flapping.reopenings, duration(flapping.within), duration(flapping.calm)),
        fold_above=file.fold_above,
    )


def _inhibition(wire: InhibitionWire, place: Path) -> Inhibition:
    source, target = matchers(wire.source, (*place, "source")), matchers(wire.target, (*place, "target"))
    return Inhibition(wire.name, source, target, wire.equal)


def matchers(texts: tuple[str, ...], place: Path) -> tuple[Matcher, ...]:
    """What has to fit, all of it. Raises Fault."""
    return tuple(_matcher(text, (*place, n)) for n, text in enumerate(texts))


def _matcher(text: str, place: Path) -> Matcher:
    try:
        return parse(text)
    except ValueError as error:
        raise Fault(place, str(error), 'write LABEL="value"') from error


def _quiet_hours(wire: QuietHoursWire) -> QuietHours:
    time_zones.zone(wire.timezone, ("quiet_hours", "timezone"))
    spans = tuple(_span(span, ("quiet_hours", "spans", n)) for n, span in enumerate(wire.spans))
    return QuietHours(spans, wire.timezone, Severity(wire.below))


def _span(wire: QuietSpanWire, place: Path) -> QuietSpan:
    if wire.start == wire.end:
        raise Fault((*place, "to"), "the span begins and ends at the same time", "write when it is over")
    days = frozenset(DAYS.index(day) for day in wire.days) or EVERY_DAY
    return QuietSpan(time.fromisoformat(wire.start), time.fromisoformat(wire.end), days)
