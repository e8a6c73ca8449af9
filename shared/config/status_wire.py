"""The shape of status.yaml."""

from typing import Annotated

from msgspec import Meta, field

from shared.config.wire import Duration, MatcherTexts, Name, Strict, Text

_URL = r"^(https?://[^\s<>\"]+)?$"

HOW_TO_WRITE = {_URL: 'an address such as https://www.example.org/, or "" while there is none'}

Url = Annotated[str, Meta(pattern=_URL, description=HOW_TO_WRITE[_URL])]
Places = Annotated[int, Meta(ge=2, le=10, description="from how many places, two at least")]


class NamedWire(Strict):
    """The same in English and in Arabic."""

    en: Text
    ar: Text


class ComponentWire(Strict):
    """A part of the marketplace as its users know it, what it needs, and what speaks for it."""

    name: NamedWire
    about: NamedWire | None = None
    needs: tuple[Name, ...] = ()
    probes: tuple[Name, ...] = ()
    incidents: tuple[MatcherTexts, ...] = ()
    services: tuple[Text, ...] = ()


class ProbeWire(Strict):
    """What we fetch each minute, and what a right answer is."""

    url: Url = ""
    slow_after: Duration = "5s"
    contains: str = ""
    lacks: tuple[Text, ...] = ()


class PatienceWire(Strict):
    """When something is said, and when it is taken back."""

    places: Places = 2
    fresh: Duration = "5m"
    calm: Duration = "5m"
    longest_calm: Duration = "1h"
    ends_after: Duration = "15m"
    believed: Duration = "30m"


class StatusFile(Strict):
    """status.yaml: what the public status page shows."""

    name: NamedWire
    components: Annotated[dict[Name, ComponentWire], Meta(min_length=1)]
    probes: dict[Name, ProbeWire] = field(default_factory=dict)
    patience: PatienceWire = field(default_factory=PatienceWire)
