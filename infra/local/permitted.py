"""What a function may publish here is what its manifest names, as IAM holds it in production."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared import logs
from shared.ports.platform import Publisher


@dataclass(frozen=True, slots=True)
class PermittedPublisher:
    """The platform's bus as functions see it; `topics` are those that each function's function.yaml names."""

    bus: Publisher
    topics: Mapping[str, frozenset[str]]

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        """Publish for the function that is being served; raises PermissionError for a topic it does not name."""
        function = logs.context.get().get("function", "")
        if topic not in self.topics.get(function, frozenset({topic})):
            raise PermissionError(f"{function} publishes to {topic}, which its function.yaml does not name")
        return self.bus.publish(topic, data, attributes)
