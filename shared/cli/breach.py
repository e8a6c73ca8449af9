"""`soukmon breach`: declare, show, contain, keep evidence of, report, stand down and close a data breach."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from shared import bootstrap
from shared.cli import completing
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, use
from shared.domain.breaches import Breach, Said, filing
from shared.domain.containment import Kind
from shared.domain.evidence_package import faults
from shared.rendering.breach import neutral_title
from shared.rendering.containment import lines_of
from shared.rendering.view import cairo
from shared.usecases import breaches
from shared.usecases.breach_evidence import keep_evidence
from shared.usecases.breach_notice import notice_now
from shared.usecases.breach_records import all_breaches, read_breach, sealed_details
from shared.usecases.breaches import Done, Wish
from shared.usecases.containment import Ports, ask, confirm_measure, measures_of, propose_measure

BY = click.option("--by", required=True, metavar="PERSON", help="Whose word it is: an id in oncall.yaml.")
CODE = click.argument("code", metavar="CODE")
VIA = "command line"
HAPPENED = frozenset({Said.DECLARED, Said.REPORTED, Said.ASKED, Said.STOOD_DOWN, Said.CLOSED})


@cli.group()
def breach() -> None:
    """Data breaches: restricted, with a clock of 72 hours.

    CODE is a code name ("amber-heron") or an id.
    """


@breach.command()
@click.argument("incident", shell_complete=completing.incidents)
@BY
@STATE
def declare(incident: str, *, by: str, state: str) -> None:
    """Make INCIDENT a breach.

    Its details are the response team's alone from now on.
    """
    use(state)
    _say(breaches.declare(Wish(incident, by, VIA), **_acting()))


@breach.command(name="list")
@STATE
def list_breaches(state: str) -> None:
    """Every breach, the newest first."""
    use(state)
    for one in all_breaches(bootstrap.state()):
        click.echo(f"{one.id}  {neutral_title(one)}  {one.incident}  {one.standing}")


@breach.command()
@CODE
@STATE
def show(code: str, *, state: str) -> None:
    """Everything about a breach, details included.

    Whoever may read the state may read them.
    """
    use(state)
    one, now = _known(code), bootstrap.clock().now()
    details = sealed_details(bootstrap.state(), one.incident)
    lines = [
        f"{neutral_title(one)}  {one.code_ar}  {one.id}  {one.incident}  {one.standing}",
        f"detected {cairo(one.detected_at)}, declared {cairo(one.declared_at)} by {one.declared_by}",
        f"report due {cairo(one.regulator_at)}: {filing(one, now)}",
        *(f"reminder {cairo(at)}{' (told)' if n < one.told else ''}" for n, at in enumerate(one.reminders)),
    ]
    if details is not None:
        lines += [details.title, details.summary, *(f"{name}: {value}" for name, value in details.values.items())]
    for measure in measures_of(one, bootstrap.state()):
        lines += [f"{measure.id} {measure.kind}: {measure.stage}", *(f"  {line}" for line in lines_of(measure))]
    click.echo("\n".join(line for line in lines if line))


@breach.command()
@CODE
@click.argument("what", type=click.Choice([kind.value for kind in Kind]))
@click.argument("targets", nargs=-1, required=True)
@BY
@STATE
def contain(code: str, what: str, targets: tuple[str, ...], *, by: str, state: str) -> None:
    """Ask for the dry run of a measure.

    It runs where the functions run, and is shown by `breach show`.
    """
    use(state)
    done = ask(_known(code).id, Kind(what), targets, by=by, ports=_ports())
    click.echo(f"{done.said}: {done.measure.id}" if done.measure else done.said)
    if done.measure is None:
        raise NotFineError


@breach.command()
@click.argument("measure")
@BY
@STATE
def propose(measure: str, *, by: str, state: str) -> None:
    """Want exactly what the dry run of MEASURE said.

    Another of the team has 15 minutes to confirm it.
    """
    use(state)
    done = propose_measure(measure, by=by, ports=_ports())
    click.echo("\n".join([str(done.said), *(lines_of(done.measure) if done.measure else ())]))


@breach.command()
@click.argument("measure")
@click.argument("mark")
@BY
@STATE
def confirm(measure: str, mark: str, *, by: str, state: str) -> None:
    """Say yes to what was proposed, as the second of two."""
    use(state)
    click.echo(confirm_measure(measure, mark, by=by, ports=_ports()).said)


@breach.command()
@CODE
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the package there as well.")
@BY
@STATE
def evidence(code: str, *, out: Path | None, by: str, state: str) -> None:
    """Keep everything known as a package; print its SHA-256."""
    use(state)
    kept = keep_evidence(_known(code).id, by=by, objects=bootstrap.objects(), ports=_ports())
    if kept.package is None:
        click.echo(kept.said, err=True)
        raise NotFineError
    if out is not None:
        out.write_bytes(kept.package.data)
    click.echo(f"{kept.package.digest}  {out or kept.name}")


@breach.command(name="check-evidence")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sha256", default="", help="The digest on the record; without it only the manifest is compared.")
def check_evidence(file: Path, *, sha256: str) -> None:
    """Compare a package of evidence with its manifest.

    And with the digest on the record.
    """
    found = faults(file.read_bytes(), sha256)
    click.echo("\n".join(found) or "every file is as it was packed")
    if found:
        raise NotFineError


@breach.command()
@CODE
@click.option("--locale", type=click.Choice(["en", "ar"]), default="en", show_default=True, help="Its language.")
@STATE
def notice(code: str, *, locale: str, state: str) -> None:
    """The notice to customers as it stands.

    The procedure drafts it, and two of the team approve it.
    """
    use(state)
    text = notice_now(_known(code), config=bootstrap.config(), store=bootstrap.state())[locale]
    click.echo("\n\n".join([text.title, *text.lines]))


@breach.command()
@CODE
@click.option("--note", default="", help="Such as the number under which the report was taken.")
@BY
@STATE
def reported(code: str, *, note: str, by: str, state: str) -> None:
    """The regulator has the report: the clock stops."""
    _act(breaches.note_report, code, by, note, state)


@breach.command(name="stand-down")
@CODE
@click.option("--reason", default="", help="Why it was a false alarm; the second person need not repeat it.")
@BY
@STATE
def stand_down(code: str, *, reason: str, by: str, state: str) -> None:
    """It was a false alarm.

    The first gives the reason, another of the team confirms it.
    """
    _act(breaches.ask_stand_down, code, by, reason, state)


@breach.command()
@CODE
@BY
@STATE
def close(code: str, *, by: str, state: str) -> None:
    """Everything is done, and the regulator has the report."""
    _act(breaches.close, code, by, "", state)


def _act(act: Callable[..., Done], code: str, by: str, text: str, state: str) -> None:
    use(state)
    _say(act(Wish(_known(code).id, by, VIA, text), **_acting()))


def _say(done: Done) -> None:
    click.echo(f"{neutral_title(done.breach)} ({done.breach.id}): {done.said}" if done.breach else str(done.said))
    if done.said not in HAPPENED:
        raise NotFineError


def _known(code: str) -> Breach:
    found = read_breach(code, bootstrap.state())
    if found is None:
        raise LookupError(f"there is no breach called {code}; see soukmon breach list")
    return found[0]


def _ports() -> Ports:
    return Ports(bootstrap.config(), bootstrap.state(), bootstrap.publisher(), bootstrap.clock())


def _acting() -> dict[str, Any]:
    ports = _ports()
    return {"config": ports.config, "store": ports.store, "publisher": ports.publisher, "clock": ports.clock}
