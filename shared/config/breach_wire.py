"""The shape of breach.yaml: who handles a data breach, where its details may be shown, and who has to be told of it."""

from typing import Annotated

from msgspec import Meta

from shared.config.wire import Name, SlackChannel, Strict, Text

People = Annotated[tuple[Name, ...], Meta(min_length=2, description="ids in oncall.yaml; two, so that one can confirm")]


class BreachFile(Strict):
    """breach.yaml: the response team of restricted incidents."""

    slack: SlackChannel
    team: People
    legal: Annotated[Name, Meta(description="an id in oncall.yaml: who judges what has to be reported")]
    data_protection_officer: Annotated[Name, Meta(description="an id in oncall.yaml")]
    regulator: Text
