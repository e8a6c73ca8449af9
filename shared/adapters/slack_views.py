"""Modals in Slack: the only call to Slack that is made while somebody waits for our answer."""

from functools import partial

from shared.adapters.slack import called, web_client
from shared.ports.store import Body

TIMEOUT_SECONDS = 1.5  # a trigger lives for 3 seconds, and so long does Slack wait for our own answer


def open_view(trigger: str, view: Body, *, token: str, base_url: str = "", timeout: float = TIMEOUT_SECONDS) -> None:
    """Open a modal; raises TemporaryFailureError, PermanentFailureError or UnknownOutcomeError."""
    client = web_client(token, base_url, timeout)
    called(partial(client.views_open, trigger_id=trigger, view=view))
