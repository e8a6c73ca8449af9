"""What people do with the messages they get on the local platform: press a button or a key, open a link."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from shared import bootstrap
from shared.usecases.links import acknowledge_url
from shared.usecases.records import notifications_of

if TYPE_CHECKING:
    from infra.local.platform import Platform


def press(platform: "Platform", action: str, incident: str, *, person: str) -> int:
    """Press a Slack button about this incident (or draft) as a person; the function's status."""
    user = bootstrap.config().directory.people[person].slack_user
    for message in platform.providers.store.messages("slack"):
        if any(e.get("value") == incident and e["action_id"] == action for e in _buttons(message.content)):
            return platform.providers.press(message.id, action, user=user)
    raise LookupError(f"no message offers {action} for {incident}")


def fill_in(platform: "Platform", incident: str, values: Mapping[str, str], *, person: str) -> dict[str, str]:
    """Press "More…" as a person and send the modal with these values; the errors shown in it, {} when it closes."""
    user = bootstrap.config().directory.people[person].slack_user
    press(platform, "more", incident, person=person)
    views = platform.providers.store.messages("slack", to=user)
    view = next(view for view in reversed(views) if view.content.get("view", {}).get("private_metadata") == incident)
    return platform.providers.submit(view.id, values, user=user)


def open_link(platform: "Platform", incident: str, *, person: str) -> int:
    """Open the person's newest acknowledgement link and press its button; the status of the POST."""
    rows = [row for row in notifications_of(bootstrap.state(), incident) if row.recipient == person]
    if not rows:
        raise LookupError(f"{person} was not told of {incident}")
    keys = bootstrap.link_keys()
    path = urlsplit(acknowledge_url("", rows[-1].id, keys=keys)).path
    client = platform.clients["acknowledge"]
    client.get(path)
    return client.post(path).status_code


def press_key(platform: "Platform", key: str, *, person: str) -> None:
    """Press a key in the newest call to the person."""
    calls = platform.providers.store.messages("voice", to=bootstrap.config().directory.people[person].phone)
    if not calls:
        raise LookupError(f"{person} was not called")
    platform.providers.telephone.press(calls[-1].id, key)


def _buttons(content: dict[str, object]) -> list[dict[str, str]]:
    blocks = content.get("blocks")
    found = [b for b in blocks if isinstance(b, dict)] if isinstance(blocks, list) else []
    return [element for block in found if block.get("type") == "actions" for element in block["elements"]]
