"""Commands about rules and the past: backtest, tune, diff."""

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
import yaml

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli import completing
from shared.cli.backtest_sources import Asked, Past, past, rules_of, whole_minute
from shared.cli.main import NotFineError, cli
from shared.config.metric_rules import normal_form
from shared.config.suggesting import one_of
from shared.domain.configuration import Configuration
from shared.domain.rules import MetricRule
from shared.errors import QueryError
from shared.rendering.backtest import difference_lines, report_json, report_lines, tuning_lines
from shared.usecases.backtest import Span, report
from shared.usecases.backtest_difference import difference
from shared.usecases.backtest_reading import NoHistoryError, Readings, read_history
from shared.usecases.backtest_tuning import UntunableError, Wish, tune

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
PROCESSES = os.cpu_count() or 1
Command = Callable[..., None]


def _about_the_past(command: Command) -> Command:
    """The options that say which past, handed over as one `asked`."""

    @click.option("--days", type=click.IntRange(1, 3_650), default=90, show_default=True, help="How many days back.")
    @click.option("--until", "moment", default="", help="Where the days end, e.g. 2026-06-01 (UTC; now if left out).")
    @click.option("--warehouse", type=FILE, help="A DuckDB file (the installation's own if left out).")
    @click.option("--state", type=FOLDER, help="The folder with the warehouse and the recorded incidents.")
    @click.option("--incidents", type=FILE, help='JSON lines {"rule" or "metric", "start", "end"} to judge by.')
    @click.option("--generated", is_flag=True, help="Generated history with its labelled incidents, in memory.")
    @wraps(command)
    def with_options(*, days: int, moment: str, generated: bool, **options: Any) -> None:  # noqa: ANN401 - click's
        files = {name: options.pop(name) for name in ("warehouse", "state", "incidents")}
        asked = Asked(days=days, until=_until(moment, generated=generated), generated=generated, **files)
        with _refusals(days):
            command(asked=asked, **options)

    return with_options


@cli.command()
@click.option("--rules", "file", type=FILE, help="Rules as in rules.yaml or the mission's form (else the installed).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--stream", type=FILE, help="Instead: CSV ts,metric,value,count,errors[,err_clients]; ts in seconds.")
@click.option("--meta", type=FILE, help="Its JSON: stream, metric, unit, step_s, direction, start, warmup_s.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="JSON lines of the stream's alerts.")
@_about_the_past
def backtest(
    *, asked: Asked, file: Path | None, as_json: bool, stream: Path | None, meta: Path | None, out: Path | None
) -> None:
    """What the rules would have paged over the last days.

    Or, with --stream, what the default decision says about one labelled stream.
    """
    if stream or meta or out:
        _stream(stream, meta, out)
        return
    config = bootstrap.config()
    rules = config.metric_rules if file is None else _measurable(rules_of(file), config)
    found = past(asked, config, rules, processes=PROCESSES)
    started = time.perf_counter()
    readings = _readings(asked, config, rules, found)
    read = time.perf_counter()
    made = report(
        rules,
        readings,
        config=config,
        warehouse=found.warehouse,
        span=asked.span,
        recorded=found.recorded,
        processes=PROCESSES,
    )
    click.echo(json.dumps(report_json(made), ensure_ascii=False) if as_json else "\n".join(report_lines(made)))
    click.echo(f"read in {read - started:.1f} s, replayed in {time.perf_counter() - read:.1f} s", err=True)


@cli.command(name="tune")
@click.argument("name", metavar="RULE", shell_complete=completing.metric_rules)
@click.option(
    "--false-positives-a-month",
    "wanted",
    type=click.FloatRange(0),
    default=0.3,
    show_default=True,
    help="How many false pages in 30 days are bearable, e.g. 0.3: one in a hundred days.",
)
@_about_the_past
def tune_rule(*, asked: Asked, name: str, wanted: float) -> None:
    """Propose settings of a RULE for a rate of false pages.

    It changes no file.
    """
    config = bootstrap.config()
    rule = next((one for one in config.metric_rules if one.name == name), None)
    if rule is None or rule.metric not in config.metrics:
        raise LookupError(f"there is no metric rule {name}; {one_of((one.name for one in config.metric_rules), name)}")
    found = past(asked, config, [rule], processes=PROCESSES)
    readings = _readings(asked, config, [rule], found)
    span = Span(readings.begin(asked.span.since), asked.until)
    tuning = tune(
        rule,
        readings,
        config=config,
        span=span,
        recorded=found.recorded,
        wish=Wish(wanted),
        processes=PROCESSES,
    )
    snippet = yaml.safe_dump([normal_form((tuning.best or tuning.trials[0]).rule)], sort_keys=False)
    click.echo("\n".join(tuning_lines(tuning, snippet=snippet)))
    if tuning.best is None:
        raise NotFineError


@cli.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@_about_the_past
def diff(*, asked: Asked, old: Path, new: Path) -> None:
    """What NEW rules change against OLD ones, as Markdown.

    Exit 1 if they miss a recorded incident that the old ones saw.
    """
    config = bootstrap.config()
    olds, news = rules_of(old), rules_of(new)
    both = [*olds, *news]
    found = past(asked, config, both, processes=PROCESSES)
    readings = _readings(asked, config, both, found)
    made = difference(
        olds,
        news,
        readings,
        config=config,
        span=Span(readings.begin(asked.span.since), asked.until),
        recorded=found.recorded,
        spelled=normal_form,
        processes=PROCESSES,
    )
    click.echo("\n".join(difference_lines(made)))
    if made.now_missed:
        raise NotFineError


def _measurable(rules: tuple[MetricRule, ...], config: Configuration) -> tuple[MetricRule, ...]:
    """The rules; raises LookupError where one watches what nothing measures: its past would be empty, not quiet."""
    for rule in rules:
        if rule.metric not in config.metrics:
            known = one_of(sorted(config.metrics), rule.metric)
            raise LookupError(f"{rule.name} watches {rule.metric}, which is no metric of metrics.yaml; {known}")
    return rules


def _readings(asked: Asked, config: Configuration, rules: Sequence[MetricRule], found: Past) -> Readings:
    known = [rule for rule in rules if rule.metric in config.metrics]
    span = {"since": asked.span.since, "until": asked.until}
    return replace(read_history(known, config.metrics, warehouse=found.warehouse, **span), windows=found.windows)


def _stream(stream: Path | None, meta: Path | None, out: Path | None) -> None:
    if stream is None or meta is None or out is None:
        raise click.UsageError("a stream needs all three: --stream, --meta and --out")
    from infra.local.backtest import backtest as run_stream  # noqa: PLC0415

    click.echo(f"{run_stream(stream, meta, out)} events", err=True)


@contextmanager
def _refusals(days: int) -> Iterator[None]:
    """What keeps a past from being told of, in one line."""
    try:
        yield
    except NoHistoryError:
        words = f"no metric points in the last {days} days; let it run for a while, or try --generated"
        click.echo(f"soukmon: {words}", err=True)
        raise NotFineError from None
    except (QueryError, UntunableError) as error:
        click.echo(f"soukmon: {' '.join(str(error).split())}", err=True)
        raise NotFineError from error


def _until(text: str, *, generated: bool) -> datetime:
    if text:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise click.BadParameter(f"{text!r} is not an instant; write for example 2026-06-01T00:00") from None
        return whole_minute(at if at.tzinfo else at.replace(tzinfo=UTC))
    now = whole_minute(SystemClock().now())
    return now.replace(hour=0, minute=0) if generated else now
