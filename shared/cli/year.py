"""Years of the whole system in minutes: a virtual clock, random trouble, and an oracle that checks every moment."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import CONFIG
from shared.config.loader import load
from shared.domain.oncall import CAIRO

DAY = timedelta(days=1)


@cli.command("year")
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2026-12-01",
    show_default=True,
    help="The first day, in Egypt.",
)
@click.option("--years", type=click.IntRange(1, 3), default=1, show_default=True, help="How many to simulate.")
@click.option("--days", type=click.IntRange(1, 366), help="So many days instead, around a clock change for example.")
@click.option("--seed", type=int, default=1, show_default=True, help="Whatever is random follows from it.")
@CONFIG
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def year_command(
    first: datetime, *, years: int, days: int | None, seed: int, config_dir: Path | None, as_json: bool
) -> None:
    """Simulate a year in minutes and check every moment of it.

    Incidents of every rule, people who answer or do not, storms, failing providers, silences, windows, duties taken
    over, jobs and reports: the real decisions over the embedded store, from due instant to due instant. An oracle of
    its own checks each against the design; a violation is named, and the seed plays it again.
    """
    from infra.local.year import report  # noqa: PLC0415 - only this command simulates
    from infra.local.year.running import Span, simulated  # noqa: PLC0415

    zone = ZoneInfo(CAIRO)
    last = first + days * DAY if days else first.replace(year=first.year + years)
    start, end = (datetime.combine(day.date(), time(), zone).astimezone(ZoneInfo("UTC")) for day in (first, last))
    with _without_logs():
        result = simulated(Span(start, end, seed), config=load(config_dir), say=lambda line: click.echo(line, err=True))
    if as_json:
        click.echo(json.dumps(report.as_json(result), ensure_ascii=False))
    else:
        click.echo("\n".join(report.lines(result)))
    if result.court.violations:
        raise NotFineError


@contextmanager
def _without_logs() -> Iterator[None]:
    """What a simulated year logs is of no use to anybody."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
