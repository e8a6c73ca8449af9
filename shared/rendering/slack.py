"""Incident -> Slack Block Kit. Texts from outside stand in plain_text objects, so nothing in them is markup."""

from collections.abc import Sequence
from typing import Any

from shared.domain.incidents import State
from shared.domain.reasons import Notify
from shared.ports.messages import SlackBody
from shared.rendering.catalogue import MARKS, fact_name, words
from shared.rendering.escaping import one_line, slack_escaped, slack_literal
from shared.rendering.evidence import facts, headline, sentence
from shared.rendering.impact import impact_sentence, impact_title
from shared.rendering.suspects import suspect_lines
from shared.rendering.view import IncidentView, cairo, lasting, standing

HEADER, SECTION, FIELD, FIELDS = 150, 2_900, 1_900, 8
LINE, ALT_TEXT, NAMED, TASKS = 300, 2_000, 20, 10
SAY = words("en")
Block = dict[str, Any]


def incident_message(view: IncidentView, *, reason: Notify, mention: Sequence[str] = ()) -> SlackBody:
    """The living message of an incident: it is updated in place and always shows the present state."""
    incident, title = view.incident, headline(view.incident, None)
    blocks: list[Block] = [_header(view), _section(title)]
    if incident.summary and incident.summary != title:
        blocks.append(_section(incident.summary))
    blocks.append({"type": "section", "fields": _fields(view)})
    if view.facts:
        blocks.append(
            {"type": "section", "fields": [_pair(fact_name(name, "en"), value) for name, value in view.facts[:FIELDS]]}
        )
    blocks += _evidence(view)
    blocks += _suspects(view)
    if view.tasks:
        blocks.append(_section("\n".join([SAY["tasks"], *(f"• {line}" for line in view.tasks[:TASKS])])))
    blocks += _impact(view)
    if incident.state.is_open and view.first_actions:
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(view.first_actions, 1))
        blocks.append(_section(f"{SAY['do']}\n{steps}"))
    blocks.append(_context(view, mention))
    names = _buttons(view)
    if names:
        blocks.append(
            {"type": "actions", "block_id": "incident", "elements": [_button(name, incident.id) for name in names]}
        )
    return SlackBody(_fallback(view, SAY[reason]), tuple(blocks))


def escalation_note(view: IncidentView, *, reason: Notify, mention: Sequence[str] = ()) -> SlackBody:
    """A reply in the incident's thread that says what has just happened and calls whom it concerns."""
    if reason in {Notify.NOTED, Notify.STEP}:
        return SlackBody(_fallback(view, SAY[reason]), (_section(f"{SAY[reason]} · {view.note}"),))
    who = " ".join(f"<@{user}>" for user in mention)
    said = f"{SAY[reason]}: {view.incident.severity.upper()} {lasting(view.incident.started_at, view.now)}"
    extra = f" ({_line(view.note)})" if view.note else ""
    text = {"type": "mrkdwn", "text": _fitting([f"{said}{extra}", *_also_open(view), who], " ")}
    return SlackBody(_fallback(view, SAY[reason]), ({"type": "section", "text": text},))


def reply(text: str) -> SlackBody:
    """A short answer to one person."""
    return SlackBody(slack_literal(text[:SECTION]), (_section(text),))


def _header(view: IncidentView) -> Block:
    incident = view.incident
    word = SAY["snoozed"] if incident.is_snoozed else SAY[incident.state]
    state = "" if incident.state is State.TRIGGERED else f" · {word}"
    text = f"{MARKS[incident.severity]} {SAY[incident.severity]}{state} · {one_line(incident.service)}"
    return {"type": "header", "text": {"type": "plain_text", "text": text[:HEADER], "emoji": False}}


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "plain_text", "text": text[:SECTION].strip() or "-", "emoji": False}}


def _pair(name: str, value: str) -> Block:
    return {"type": "plain_text", "text": f"{name}: {value}"[:FIELD], "emoji": False}


def _fields(view: IncidentView) -> list[Block]:
    incident = view.incident
    end = incident.resolved_at or view.now
    pairs = [
        (SAY["since"], f"{cairo(incident.started_at)}, {lasting(incident.started_at, end)}"),
        (SAY["events"], str(incident.count)),
        (SAY["state"], standing(view)),
    ]
    if view.owner_name and not incident.state.is_owned:
        pairs.append((SAY["owner"], view.owner_name))
    if view.promise:
        pairs.append((SAY[view.promise[0]], cairo(view.promise[1])))
    if view.roles:
        pairs.append((SAY["roles"], ", ".join(f"{SAY[role]} {name}" for role, name in view.roles)))
    if incident.merged:
        pairs.append((SAY["took_in"], ", ".join(incident.merged[:NAMED])))
    if view.told:
        pairs.append((SAY["told"], ", ".join(view.told)))
    if incident.notes:
        pairs.append((SAY["notes"], str(incident.notes)))
    return [_pair(name, value) for name, value in pairs]


def _evidence(view: IncidentView) -> list[Block]:
    """What the decision rests on, in figures and as a chart that Slack fetches itself."""
    if view.evidence is None:
        return []
    shown: list[Block] = [{"type": "section", "fields": [_pair(name, text) for name, text in facts(view.evidence)]}]
    if view.chart_url:
        shown.append({"type": "image", "image_url": view.chart_url, "alt_text": sentence(view.evidence)[:ALT_TEXT]})
    return shown


def _suspects(view: IncidentView) -> list[Block]:
    """What was changed shortly before, with the command to copy; all of it plain text."""
    lines = suspect_lines(view.incident, view.explained.suspects)
    return [_section("\n".join(lines))] if lines else []


def _impact(view: IncidentView) -> list[Block]:
    """Whom it hurts and what it costs; while nothing of that is known yet, other lines matter more."""
    found = view.explained.impact
    if found is None or not (found.is_final or found.knows_anything):
        return []
    return [_section(f"{impact_title(found)}: {impact_sentence(found)}")]


def _context(view: IncidentView, mention: Sequence[str]) -> Block:
    parts = [f"<{slack_escaped(view.incident_url)}|{view.incident.id}>" if view.incident_url else view.incident.id]
    parts += [f"<@{user}>" for user in mention]
    parts += [_line(view.note)] if view.note else []
    parts += _also_open(view)
    parts += [f"<{slack_escaped(url)}|{_line(name)}>" for name, url in view.links.items()]
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": _fitting(parts, " · ")}]}


def _also_open(view: IncidentView) -> list[str]:
    """The incidents whose messages this one stands for; `/incident show` tells of each."""
    named = ", ".join(view.also_open[:NAMED])
    left = len(view.also_open) - NAMED
    return [f"{SAY['also_open']}: {named}" + (f" +{left}" if left > 0 else "")] if named else []


def _line(text: str) -> str:
    return slack_literal(one_line(text)[:LINE])


def _fitting(parts: Sequence[str], separator: str) -> str:
    """The parts in order, without those that no longer fit: half a link or half an escape would be markup."""
    text = ""
    for part in parts:
        longer = f"{text}{separator}{part}" if text and part else text + part
        text = longer if len(longer) <= SECTION else text
    return text


def _buttons(view: IncidentView) -> Sequence[str]:
    taken = ("resolve", "escalate", "not_useful", "more")
    match view.incident.state:
        case State.TRIGGERED:
            return ("acknowledge", "snooze", "escalate", "resolve", "not_useful", "more")
        case State.ACKNOWLEDGED:
            return ("acknowledge", *taken) if view.may_acknowledge else ("mitigate", *taken)
        case State.MITIGATED:
            return ("acknowledge", *taken) if view.may_acknowledge else taken
        case State.RESOLVED:
            return ("reopen",)
        case _:
            return ()


def _button(name: str, incident: str) -> Block:
    button: Block = {
        "type": "button",
        "action_id": name,
        "value": incident,
        "text": {"type": "plain_text", "text": SAY[name], "emoji": False},
    }
    if name == "acknowledge":
        button["style"] = "primary"
    if name in {"resolve", "reopen"}:
        ask = {"title": SAY[name], "text": SAY[f"confirm_{name}"], "confirm": SAY["yes"], "deny": SAY["no"]}
        button["confirm"] = {key: {"type": "plain_text", "text": text} for key, text in ask.items()}
    return button


def _fallback(view: IncidentView, why: str) -> str:
    incident = view.incident
    return f"{why}: {SAY[incident.severity]} {_line(headline(incident, None))} ({incident.id})"
