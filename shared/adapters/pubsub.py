"""The bus on Pub/Sub: a message is published when Pub/Sub has stored it."""

from collections.abc import Callable, Mapping

from google.cloud import pubsub_v1  # type: ignore[attr-defined]  # not typed

SECONDS = 10.0


class PubSubPublisher:
    """Implements `Publisher`; `client` is a factory: the first message makes the client, not the import.

    Our topic "signals" is the project's topic `prefix` + "signals".
    """

    def __init__(self, project: str, client: Callable[[], pubsub_v1.PublisherClient], *, prefix: str = "") -> None:
        self._project, self._prefix = project, prefix
        self._make = client
        self._made: pubsub_v1.PublisherClient | None = None

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        """The message id, once Pub/Sub has it; raises what the client raises, so that the caller is called again."""
        if self._made is None:
            self._made = self._make()
        path = self._made.topic_path(self._project, self._prefix + topic)
        return str(self._made.publish(path, data, **(attributes or {})).result(timeout=SECONDS))


def client() -> pubsub_v1.PublisherClient:
    """A client that sends each message at once: a function has nothing to wait for a batch with."""
    return pubsub_v1.PublisherClient(batch_settings=pubsub_v1.types.BatchSettings(max_messages=1))
