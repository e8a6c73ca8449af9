"""The modal behind "More…" as Slack's JSON; texts from outside stand in plain_text objects."""

from collections.abc import Sequence
from typing import Any

from shared.domain.acting import LONGEST_NOTE
from shared.domain.incidents import Incident
from shared.rendering.escaping import one_line

Block = dict[str, Any]

CALLBACK = "more"
NOTE, TO, LASTING = "note", "to", "lasting"
SNOOZES = (("30 minutes", "30"), ("1 hour", "60"), ("2 hours", "120"), ("4 hours", "240"), ("8 hours", "480"))
TITLE, OPTION, OPTIONS, SHOWN = 24, 75, 100, 300


def more_modal(incident: Incident, people: Sequence[tuple[str, str]]) -> Block:
    """The view for one incident; `people` are (id, name) of those it may be handed over to, 100 at most are offered."""
    blocks: list[Block] = [
        {"type": "section", "block_id": "about", "text": _plain(one_line(incident.title)[:SHOWN])},
        _input(NOTE, "Note", {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_NOTE}),
    ]
    if incident.state.is_open:
        if people:
            blocks.append(_input(TO, "Hand over to", _select([(name, key) for key, name in people[:OPTIONS]])))
        blocks.append(_input(LASTING, "Snooze for", _select(SNOOZES)))
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": incident.id,
        "title": _plain(incident.id[:TITLE]),
        "submit": _plain("Save"),
        "close": _plain("Cancel"),
        "blocks": blocks,
    }


def _input(name: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": _plain(label),
        "element": {**element, "action_id": name},
    }


def _select(options: Sequence[tuple[str, str]]) -> Block:
    shown = [{"text": _plain(one_line(text)[:OPTION]), "value": value} for text, value in options]
    return {"type": "static_select", "options": shown}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text.strip() or "-", "emoji": False}
