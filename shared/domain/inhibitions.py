"""Inhibitions: while one thing is wrong, what follows from it is not told as well."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.domain.matchers import Matcher, all_accept

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Inhibition:
    """What fits `source` mutes what fits `target` if all labels of `equal` are the same on both (missing = empty)."""

    name: str
    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...] = ()


def inhibited_by(labels: Labels, inhibitions: Iterable[Inhibition], firing: Iterable[Labels]) -> Inhibition | None:
    """The first inhibition under which one of the `firing` mutes these labels.

    Alertmanager's semantics: a source counts even while it is muted itself, and what fits both sides of a rule is not
    muted by others that do, so nothing mutes itself.
    """
    sources = list(firing)
    return next((one for one in inhibitions if any(_mutes(one, source, labels) for source in sources)), None)


def _mutes(inhibition: Inhibition, source: Labels, target: Labels) -> bool:
    if not (all_accept(inhibition.target, target) and all_accept(inhibition.source, source)):
        return False
    if any(source.get(name, "") != target.get(name, "") for name in inhibition.equal):
        return False
    return not (all_accept(inhibition.source, target) and all_accept(inhibition.target, source))
