"""`soukmon report`: one report from what is on record, into a file; nobody is told."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli import completing
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, open_warehouse, use
from shared.config.suggesting import one_of
from shared.domain.editions import issued_id
from shared.domain.periods import Period, last_period, period_named
from shared.domain.report_plans import Form, ReportPlan
from shared.domain.reports import Edition
from shared.usecases.compose_report import Material, compose, gather
from shared.usecases.report_making import LOCALES, Locale, rendered, shown_in

OUT = click.Path(dir_okay=False, path_type=Path)
CANNOT_BE_FINAL = "not everything has arrived yet, so there is no final edition; leave --edition out"


@cli.command()
@click.argument("name", default="", shell_complete=completing.reports)
@click.option(
    "--edition", type=click.Choice([one.value for one in Edition]), help="Default: final when everything has arrived."
)
@click.option("--lang", type=click.Choice([*LOCALES]), default="en", show_default=True, help="Its language.")
@click.option(
    "--form",
    type=click.Choice([one.value for one in Form]),
    help="Default: the report's own, or by the ending of --out.",
)
@click.option("--period", default="", metavar="PERIOD", help="2026-11-29, 2026-11-23-to-2026-11-29 or 2026-11.")
@click.option("--out", type=OUT, help="Write it there.  [default: NAME-PERIOD-EDITION-LANG.FORM here]")
@STATE
def report(
    *, name: str, edition: str | None, lang: Locale, form: str | None, period: str, out: Path | None, state: str
) -> None:
    """Make the report NAME; without a NAME list them.

    Over the newest period that is over.
    """
    use(state)
    if not name:
        click.echo("\n".join(_listed()))
        return
    plan = _plan(name)
    chosen = _form(form, out, plan)
    now = SystemClock().now()
    about = _about(period, plan, now)
    click.echo(f"reading what {name} is made of ...", err=True)
    ports = {"config": bootstrap.config(), "store": bootstrap.state(), "warehouse": open_warehouse()}
    material = gather(plan, about, now=now, **ports)  # type: ignore[arg-type]
    made = _edition(edition, material)
    click.echo(f"making the {made} edition ({chosen}, {lang}) ...", err=True)
    data = rendered(chosen, shown_in(compose(material, made), lang, material.config))
    target = out or Path(f"{issued_id(name, material.period.name)}-{made}-{lang}.{chosen}")
    target.write_bytes(data)
    click.echo(f"{target} ({len(data):,} bytes)")


def _listed() -> Iterator[str]:
    for plan in bootstrap.config().reporting.reports.values():
        readers = ", ".join(plan.readers)
        yield f"{plan.name:<22} {plan.period:<6} at {plan.at!r:<14} {', '.join(plan.forms)} to {readers}"


def _plan(name: str) -> ReportPlan:
    plans = bootstrap.config().reporting.reports
    if name not in plans:
        raise click.UsageError(f"there is no report {name}; {one_of(plans, name)}")
    return plans[name]


def _form(given: str | None, out: Path | None, plan: ReportPlan) -> Form:
    if given:
        return Form(given)
    ending = out.suffix.removeprefix(".") if out is not None else ""
    if ending and ending not in set(Form):
        raise click.UsageError(f"{out} ends in no form of a report; write one of {', '.join(Form)}")
    return Form(ending) if ending else plan.forms[0]


def _about(text: str, plan: ReportPlan, now: datetime) -> Period:
    if not text:
        return last_period(plan.period, now)
    try:
        found = period_named(text)
    except ValueError as error:
        raise click.UsageError(f"{text!r} is no period: {error}") from error
    if found.kind is not plan.period:
        raise click.UsageError(f"{plan.name} is about a {plan.period}, and {text} is a {found.kind}")
    if found.end > now:
        raise click.UsageError(f"{found.name} is not over yet")
    return found


def _edition(given: str | None, material: Material) -> Edition:
    is_late = material.now >= material.period.end + material.config.reporting.final_after
    if given == Edition.FINAL and not (material.is_complete or is_late):
        click.echo(CANNOT_BE_FINAL, err=True)
        raise NotFineError
    if given:
        return Edition(given)
    return Edition.FINAL if material.is_complete or is_late else Edition.PROVISIONAL
