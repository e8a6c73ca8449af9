"""`soukmon init`: from an empty project to the first page."""

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from shared.adapters.clocks import SystemClock
from shared.cli import answers
from shared.cli.check import FINE, lint
from shared.cli.main import NotFineError, cli
from shared.cli.starting import Answers, configuration_of

FIRST_RULE = "error_rate_alert"
FEWEST = 2
Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that only the team knows. Without a `default` it has to be answered; "" means "not there yet"."""

    name: str
    asks: str
    read: Read
    default: str | None = None

    @property
    def option(self) -> str:
        """How it is answered on the command line."""
        return "--" + self.name.replace("_", "-")


QUESTIONS = (
    Question("team", "Name that stands as sender of mails", answers.name, "Souk El-Sayarat alerts"),
    Question("slack_channel", "Slack channel for incidents: its id (C012AB3CD) or link", answers.slack_channel),
    Question("breach_channel", "Private Slack channel for data breaches: its id or link", answers.slack_channel),
    Question("support", "E-mail address that customers write to", answers.e_mail),
    Question("sender", "E-mail address that alerts come from (alerts@ beside the one above)", answers.sender, ""),
    Question("emergency_phone", "Customers' emergency telephone (none yet: empty)", answers.any_phone, ""),
    Question("site", "Address of the web site, looked at each minute (https://...)", answers.address),
    Question("api", "Address of the API to look at (https://...)", answers.address),
    Question("accounts", "Address to look at for signing in (none: empty)", answers.address, ""),
    Question("time_zone", "Time zone of the turns of duty", answers.time_zone, "Africa/Cairo"),
    Question("project", "Google Cloud project (none yet: empty)", answers.project, ""),
    Question(
        "regulator",
        "Who has to hear of a breach of personal data (ask your counsel)",
        answers.name,
        "Personal Data Protection Center (Egypt)",
    ),
)


def _asked_by_options(command: Callable[..., None]) -> Callable[..., None]:
    for question in reversed(QUESTIONS):
        shown = f"  [default: {question.default}]" if question.default else ""
        command = click.option(
            question.option, question.name, callback=_reader(question.read), help=f"{question.asks}.{shown}"
        )(command)
    return command


def _reader(read: Read) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def checked(_context: click.Context, _parameter: click.Parameter, value: Any) -> Any:  # noqa: ANN401 - click's
        if isinstance(value, tuple):
            return tuple(map(read, value))
        return read(value) if value else value

    return checked


@cli.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("soukmon-config"))
@click.option(
    "--person",
    "people",
    multiple=True,
    metavar=f"'{answers.PERSON}'",
    callback=_reader(answers.person),
    help="Somebody on call, two at least; the first leads. PHONE is a mobile in E.164, LANGUAGE en or ar.",
)
@_asked_by_options
@click.option("--yes", is_flag=True, help="Ask nothing: what is left out gets its default.")
@click.option("--force", is_flag=True, help="Write over files that are there already.")
def init(folder: Path, *, people: tuple[dict[str, str], ...], yes: bool, force: bool, **given: Any) -> None:  # noqa: ANN401
    """Make a configuration for your team and play its first page.

    It asks for what only you know, writes a complete configuration into FOLDER (soukmon-config when left out), lints it
    and shows who would be told of an alert, how, and in which words. Nobody real is told anything.
    """
    if yes or not sys.stdin.isatty():
        _refuse_what_is_missing(people, given)
    else:
        people, given = _people_asked(people), _asked(given)
    made = _answers(people, given)
    today = SystemClock().now().astimezone(ZoneInfo(made.time_zone)).date()
    _write(folder, configuration_of(made, today=today), force=force)
    code, lines = lint(folder, production=False, now=SystemClock().now())
    for line in lines if code != FINE else (line for line in lines if line.startswith(("warning", "fine"))):
        click.echo(line)
    if code != FINE:
        raise NotFineError
    _play(folder)
    for line in _next(folder, made.project):
        click.echo(line)


def _refuse_what_is_missing(people: Sequence[Any], given: dict[str, Any]) -> None:
    open_ones = [q.option for q in QUESTIONS if q.default is None and not given[q.name]]
    if len(people) < FEWEST:
        open_ones.insert(0, f"--person {'twice' if not people else 'once more'} ('{answers.PERSON}')")
    if open_ones:
        raise click.UsageError(f"nobody is there to ask; give as well: {', '.join(open_ones)}")


def _people_asked(known: tuple[dict[str, str], ...]) -> tuple[dict[str, str], ...]:
    """Two at least: behind whoever sleeps through a page somebody else is woken, and a breach takes two persons."""
    people = list(known)
    while True:
        number = len(people) + 1
        must = number <= FEWEST
        asks = f"Person {number} on call: name" + ("" if must else " (nobody else: empty)")
        called = _prompt(asks, answers.name, None if must else "")
        if not called:
            return tuple(people)
        people.append(
            {
                "name": called,
                "email": _prompt("  e-mail", answers.e_mail, None),
                "phone": _prompt("  mobile (+201001234567)", answers.phone, None),
                "locale": _prompt("  language of their messages, en or ar", answers.language, "ar"),
                "slack_user": _prompt("  Slack member id (none: empty)", answers.slack_user, ""),
            }
        )


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    return {q.name: given[q.name] or _prompt(q.asks, q.read, q.default) for q in QUESTIONS}


def _prompt(asks: str, read: Read, default: str | None) -> Any:  # noqa: ANN401 - what `read` makes of it
    return click.prompt(
        asks, default=default, show_default=bool(default), value_proc=lambda text: read(text) if text else ""
    )


def _answers(people: tuple[dict[str, str], ...], given: dict[str, Any]) -> Answers:
    told = {q.name: given[q.name] or q.default or "" for q in QUESTIONS}
    sender = told["sender"] or "alerts@" + told["support"].rpartition("@")[2]
    if told["breach_channel"] == told["slack_channel"]:
        raise click.UsageError("the details of a breach are for few: name a private Slack channel of its own for them")
    return Answers(people=people, **{**told, "sender": sender})


def _write(folder: Path, texts: dict[str, str], *, force: bool) -> None:
    there = [name for name in texts if (folder / name).exists()]
    if there and not force:
        raise click.UsageError(f"{folder / there[0]} is there already; name another folder, or write over it: --force")
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        click.echo(f"wrote {file}")


def _play(folder: Path) -> None:
    from infra.local.first_page import first_page  # noqa: PLC0415 - brings the whole local platform

    click.echo(f"\nThe first page: {FIRST_RULE} fires here; messages go to sandboxes, to nobody real.")
    shown: set[object] = set()
    for told in first_page(FIRST_RULE, config_dir=folder):
        click.echo(f"  {told.channel:<6} {told.who} {told.address} ({told.state})")
        kind = (told.channel, told.language)
        for line in told.text.splitlines() if kind not in shown else ():
            click.echo(f"         | {line}")
        shown.add(kind)


def _next(folder: Path, project: str) -> Iterator[str]:
    named, here = f"GOOGLE_CLOUD_PROJECT={project} " if project else "", shlex.quote(str(folder))
    yield "\nNext:"
    yield f"  {named}SOUKMON_CONFIG={here} soukmon up"
    yield "      run it here with this configuration; every message lies in /inbox"
    yield f"  cp -r {here}/. shared/config/ && soukmon deploy plan --env staging"
    yield "      what a deployment would make; README.md, Deploy, says what has to be there before"
    yield f"  soukmon check {here} && SOUKMON_CONFIG={here} soukmon fire NAME"
    yield f"      after you have added an alert to {folder / 'rules.yaml'}"
    yield f"Before production: soukmon check --production {here}"
