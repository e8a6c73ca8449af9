"""Commands for people on duty: check, oncall, explain, dead-letters."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli.check import check as lint
from shared.cli.main import NotFineError, cli
from shared.config.loader import load
from shared.domain.evidence import NAMED_BY
from shared.domain.oncall import CAIRO, duty_at
from shared.rendering.evidence import facts
from shared.settings import Settings
from shared.usecases.chart_link import read_evidence
from shared.usecases.quarantine import dead_letters as kept
from shared.usecases.quarantine import mark_redriven, redrivable
from shared.usecases.records import notifications_of, read_incident, timeline_of

STATE = click.option("--state", type=click.Path(file_okay=False), default=".soukmon", show_default=True)


@cli.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--production", is_flag=True, help="Refuse what may be shown but not deployed.")
def check(files: tuple[Path, ...], *, production: bool) -> int:
    """Lint the configuration, or FILES of rules in either way of writing."""
    code, lines = lint(files, production=production)
    for line in lines:
        click.echo(line, err=code == 2)  # noqa: PLR2004 - bad input goes to stderr
    return code


@cli.command()
@click.option("--at", "moment", default="", help="An instant, e.g. 2026-03-10T02:10 (Cairo time unless it has a zone).")
@click.option("--json", "as_json", is_flag=True)
def oncall(moment: str, *, as_json: bool) -> None:
    """Who is on call, in every rotation."""
    at, directory = _instant(moment), load().directory
    found = []
    for name in directory.rotations:
        duty = duty_at(directory, name, at)
        found.append({"rotation": name, "person": duty.person, "until": duty.end.isoformat()})
    if as_json:
        click.echo(json.dumps({"at": at.isoformat(), "rotations": found}, ensure_ascii=False))
    else:
        for row in found:
            person = directory.people.get(row["person"] or "")
            until = datetime.fromisoformat(str(row["until"])).astimezone(ZoneInfo(CAIRO))
            who = person.name if person else f"nobody; {directory.default_contact} is told"
            click.echo(f"{row['rotation']}: {who} until {until:%a %d %b %H:%M %Z}")
    if any(row["person"] is None for row in found):
        raise NotFineError


@cli.command()
@click.argument("incident")
@STATE
def explain(incident: str, state: str) -> None:
    """Why an INCIDENT is as it is: every decision with its reason, every message with its fate."""
    _use(state)
    store = bootstrap.state()
    found = read_incident(store, incident)
    if found is None:
        raise LookupError(f"there is no incident {incident}")
    one = found[0]
    click.echo(f"{one.id}  {one.severity.upper()}  {one.state}  {one.title}")
    click.echo(f"rule {one.rule}, service {one.service}, {one.count} event(s), policy {one.ladder.policy.name}")
    evidence = read_evidence(store, one.values.get(NAMED_BY, ""))
    for name, text in facts(evidence) if evidence else ():
        click.echo(f"  {name}: {text}")
    for line in timeline_of(store, incident):
        click.echo(
            f"  {line.at:%Y-%m-%d %H:%M:%S}  {line.event}: {line.reason}" + (f" ({line.detail})" if line.detail else "")
        )
    for row in notifications_of(store, incident):
        extra = " ".join(text for text in (row.note, row.error) if text)
        fate = f"{row.channel} to {row.recipient}: {row.state}, {row.reason}  {extra}".rstrip()
        click.echo(f"  {row.planned_at:%Y-%m-%d %H:%M:%S}  {fate}")


@cli.group(name="dead-letters")
def dead_letters() -> None:
    """Input that nobody could read."""


@dead_letters.command(name="list")
@STATE
def list_letters(state: str) -> None:
    """One line each, newest first."""
    _use(state)
    for letter in kept(bootstrap.state()):
        body = letter.body
        click.echo(f"{letter.id}  {body['received_at'][:19]}  {body['function']}  {body['state']}  {body['reason']}")


@dead_letters.command()
@click.argument("letter")
@STATE
def show(letter: str, state: str) -> None:
    """A LETTER's facts and the scrubbed beginning of its text."""
    _use(state)
    found = bootstrap.state().get("dead_letters", letter)
    if found is None:
        raise LookupError(f"there is no dead letter {letter}")
    click.echo(json.dumps(found.body, ensure_ascii=False, indent=2))


@dead_letters.command()
@click.argument("letter")
@STATE
def redrive(letter: str, state: str) -> None:
    """Send a LETTER to its function again."""
    _use(state)
    delivery = redrivable(letter, store=bootstrap.state(), objects=bootstrap.objects())
    if delivery is None:
        raise LookupError(f"there is no dead letter {letter} whose text is kept")
    from infra.local.functions import mount  # noqa: PLC0415 - only this command loads functions

    client = mount(delivery.function).test_client()
    answer = client.post("/", data=delivery.body, headers=dict(delivery.headers))
    mark_redriven(letter, store=bootstrap.state(), clock=SystemClock())
    click.echo(f"{delivery.function} answered {answer.status_code}")
    if answer.status_code >= 300:  # noqa: PLR2004 - not 2xx
        raise NotFineError


def _instant(text: str) -> datetime:
    if not text:
        return SystemClock().now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not an instant; write for example 2026-03-10T02:10") from None
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(CAIRO))).astimezone(UTC)


def _use(state: str) -> None:
    if not (Path(state) / "state.db").exists():
        raise LookupError(f"{state} holds no state; start with soukmon up, or name another folder with --state")
    bootstrap.install(Settings(state_dir=state))
