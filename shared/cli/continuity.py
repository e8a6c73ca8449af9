"""`soukmon continuity`: reviews of the continuity plan, recorded and shown."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import click

from shared import bootstrap
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, use
from shared.domain.oncall import CAIRO
from shared.usecases.continuity import Review, continuity_reviews, record_review

METRIC = "continuity_review_age"


@cli.group()
def continuity() -> None:
    """Reviews of the continuity plan: reviewed, show."""


@continuity.command()
@click.option("--by", required=True, metavar="WHO", help="The id of the person who reviewed it, as in oncall.yaml.")
@click.option("--note", required=True, help="What was looked at, and what has to change.")
@STATE
def reviewed(by: str, note: str, state: str) -> None:
    """Put on record that the plan was reviewed now.

    On the audited record.
    """
    use(state)
    found = record_review(by, note, config=bootstrap.config(), store=bootstrap.state(), clock=bootstrap.clock())
    click.echo(f"on record: {_line(found)}")


@continuity.command()
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200), help="How many.")
@STATE
def show(limit: int, state: str) -> None:
    """The reviews, newest first.

    Exit 1 when the next one is overdue.
    """
    use(state)
    found = continuity_reviews(bootstrap.state(), limit=limit)
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo("the continuity plan was never reviewed")
        raise NotFineError
    target = bootstrap.config().metrics[METRIC].target
    due = found[0].at + timedelta(seconds=target) if target else None
    if due is not None and due < bootstrap.clock().now():
        click.echo(f"the next review was due on {due.astimezone(ZoneInfo(CAIRO)):%d %b %Y}")
        raise NotFineError


def _line(review: Review) -> str:
    note = " ".join(review.note.split())
    return f"{review.at.astimezone(ZoneInfo(CAIRO)):%a %d %b %Y %H:%M}  {review.by}  {note}".rstrip()
