"""A draft that waits for approval, as a message in the incident's thread with the buttons that decide about it."""

from typing import Any

from shared.domain.drafts import Draft, DraftText
from shared.domain.reasons import Notify
from shared.ports.messages import SlackBody
from shared.rendering.catalogue import EN as SAY
from shared.rendering.escaping import one_line, printable, slack_literal

LINE, SECTION = 200, 2_900
STYLES = {"approve_draft": "primary", "reject_draft": "danger"}
ASKING = {"approve_draft": "confirm_approve", "reject_draft": "confirm_reject"}

Block = dict[str, Any]


def draft_message(draft: Draft) -> SlackBody:
    """Both languages as they would be sent, and who would get them; plain text, so that nothing in it is markup."""
    head = f"{SAY[Notify.DRAFT]}: {draft.channel} · {one_line(draft.audience)} · {draft.id}"
    blocks = [_section(head), *_asked_for(draft), *(_section(_whole(draft.text(locale))) for locale in ("en", "ar"))]
    if draft.state.is_open:
        buttons = [_button(name, draft.id) for name in STYLES]
        blocks.append({"type": "actions", "block_id": "draft", "elements": buttons})
    return SlackBody(slack_literal(f"{head}: {one_line(draft.text('en').title)}"[:LINE]), tuple(blocks))


def _asked_for(draft: Draft) -> list[Block]:
    """What it takes, where one person's word is not enough."""
    return [_section(SAY["needs_two"])] if draft.approvals > 1 else []


def _whole(text: DraftText) -> str:
    return "\n".join([one_line(text.title), "", *(printable(line) for line in text.lines)])


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "plain_text", "text": text[:SECTION].strip() or "-", "emoji": False}}


def _button(name: str, draft: str) -> Block:
    ask = {"title": SAY[name], "text": SAY[ASKING[name]], "confirm": SAY["yes"], "deny": SAY["no"]}
    return {
        "type": "button",
        "action_id": name,
        "value": draft,
        "style": STYLES[name],
        "text": {"type": "plain_text", "text": SAY[name], "emoji": False},
        "confirm": {key: {"type": "plain_text", "text": text} for key, text in ask.items()},
    }
