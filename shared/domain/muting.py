"""Is somebody meant to hear of this now? What people silenced, and what follows from something worse."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.inhibitions import Inhibition, inhibited_by
from shared.domain.reasons import Suppressed
from shared.domain.silences import Silence, silenced_by


@dataclass(frozen=True, slots=True)
class Muted:
    """Why nobody is told, and by what: the silence's id or the inhibition's name."""

    reason: Suppressed
    by: str


def mute(
    labels: Mapping[str, str],
    silences: Sequence[Silence],
    inhibitions: Sequence[Inhibition],
    firing: Iterable[Mapping[str, str]],
    now: datetime,
) -> Muted | None:
    """What mutes these labels; a silence is named before an inhibition, because somebody decided it."""
    silence = silenced_by(labels, silences, now)
    if silence is not None:
        return Muted(Suppressed.BY_SILENCE, silence.id)
    inhibition = inhibited_by(labels, inhibitions, firing)
    return None if inhibition is None else Muted(Suppressed.BY_INHIBITION, inhibition.name)
