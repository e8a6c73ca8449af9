"""The shape of post_mortems.yaml."""

from typing import Annotated

from msgspec import Meta

from shared.config.wire import Duration, Strict
from shared.domain.severities import Severity

_READER = "^(person|team):[a-z][a-z0-9_]*$"
HOW_TO_WRITE = {_READER: "team:management or person:nour; each is told by e-mail"}


class PostMortemsFile(Strict):
    """post_mortems.yaml: which incidents get one, until when, and who reads the monthly review."""

    due: dict[Severity, Duration]
    readers: tuple[Annotated[str, Meta(pattern=_READER, description=HOW_TO_WRITE[_READER])], ...] = ()
    repeats: Annotated[int, Meta(ge=2, le=100)] = 3
