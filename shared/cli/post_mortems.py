"""`soukmon post-mortem`: read one, write it, complete it, or list a month's."""

import re
from pathlib import Path

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli import completing
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, use
from shared.domain.post_mortems import PostMortemOutcome
from shared.domain.reviews import Month
from shared.inbound.post_mortems import edited
from shared.rendering.monthly_review import review_text
from shared.rendering.post_mortem import post_mortem_file
from shared.rendering.post_mortem_markdown import post_mortem_markdown
from shared.usecases.monthly_review import review_of
from shared.usecases.post_mortems import Desk, PostMortemAnswer, complete_post_mortem, story_of, write_post_mortem

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
FILE = click.Path(dir_okay=False, path_type=Path)


@cli.command(name="post-mortem")
@click.argument("incident", default="", shell_complete=completing.incidents)
@click.option("--locale", type=click.Choice(["en", "ar"]), default="en", show_default=True, help="Its language.")
@click.option("--out", type=FILE, help="Write it there: Markdown, or a page that prints well for a name in .html.")
@click.option("--write", "source", type=FILE, help="Take an edited Markdown file back as a new revision.")
@click.option("--complete", is_flag=True, help="It is done: causes are written, and actions (or --no-action).")
@click.option("--no-action", default="", metavar="WHY", help="Why nothing follows from it.")
@click.option("--by", default="", metavar="PERSON", help="Who writes or completes it: an id in oncall.yaml.")
@click.option("--month", default="", metavar="YYYY-MM", help="The review of a month.")
@STATE
def post_mortem(  # noqa: PLR0913 - one option each
    *,
    incident: str,
    locale: str,
    out: Path | None,
    source: Path | None,
    complete: bool,
    no_action: str,
    by: str,
    month: str,
    state: str,
) -> None:
    """Print the post-mortem of an INCIDENT.

    Made from its record and from what people wrote.
    """
    use(state)
    if sum(map(bool, (month, source, complete))) > 1 or bool(incident) == bool(month or source):
        raise click.UsageError("name an INCIDENT, or give one of --write FILE and --month YYYY-MM")
    if month:
        _list(month, locale)
    elif source is not None:
        _write(source, by)
    elif complete:
        _say(complete_post_mortem(incident, _desk(by), no_action=no_action))
    else:
        _print(incident, locale, out)


def _print(incident: str, locale: str, out: Path | None) -> None:
    now = SystemClock().now()
    story = story_of(incident, config=bootstrap.present(), store=bootstrap.state(), now=now)
    if story is None:
        raise LookupError(f"there is no incident {incident}")
    is_page = out is not None and out.suffix == ".html"
    text = post_mortem_file(story, locale=locale) if is_page else post_mortem_markdown(story, locale)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


def _write(source: Path, by: str) -> None:
    try:
        text = source.read_text(encoding="utf-8")
        found = edited(text)
    except ValueError as error:  # not ours, or not UTF-8
        raise click.BadParameter(f"{source.name}: {error}") from error
    _say(write_post_mortem(found, _desk(by)))


def _list(month: str, locale: str) -> None:
    found = MONTH.fullmatch(month)
    if found is None:
        raise click.BadParameter(f"{month!r} is not a month; write for example 2026-11")
    config, now = bootstrap.present(), SystemClock().now()
    review = review_of(Month(int(found[1]), int(found[2])), config=config, store=bootstrap.state(), now=now)
    text = review_text(review, {name: person.name for name, person in config.directory.people.items()}, locale)
    for line in (text.title, "", *text.lines):
        click.echo(line)


def _desk(by: str) -> Desk:
    if not by:
        raise click.UsageError("say who you are with --by PERSON")
    return Desk(bootstrap.present(), bootstrap.state(), SystemClock(), by)


def _say(answer: PostMortemAnswer) -> None:
    click.echo(answer.outcome)
    if not answer.happened and answer.outcome != PostMortemOutcome.SAYS_THE_SAME:
        raise NotFineError
