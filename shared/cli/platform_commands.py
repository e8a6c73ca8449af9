"""Commands that start a platform: up, replay, simulate."""

import json
import logging
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import click

from shared import bootstrap
from shared.cli import completing
from shared.cli.instants import instant
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import CONFIG, STATE, has_state, use
from shared.usecases.present import amendments_of

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, path_type=Path)


@cli.command()
@click.option("--port", default=8080, show_default=True, help="Where the gateway listens, on 127.0.0.1.")
@click.option("--state", type=FOLDER, default=Path(".soukmon"), show_default=True, help="Where everything is kept.")
@click.option("--demo", is_flag=True, help="Play a day of incidents first (in a fresh state folder).")
@click.option(
    "--clock",
    type=click.Choice(["real", "virtual"]),
    default="real",
    show_default=True,
    help="Virtual: time stands still until POST /api/clock/advance moves it.",
)
@click.option(
    "--providers",
    type=click.Choice(["sandbox", "environment"]),
    default="sandbox",
    show_default=True,
    help="Where messages go: nowhere but /inbox, or to the Slack, Twilio and SMTP of the environment.",
)
@click.option(
    "--engines",
    type=click.Choice(["embedded", "emulators"]),
    default="embedded",
    show_default=True,
    help="Where everything is kept: in files, or in Google's own emulators (Java and the gcloud SDK), until you stop.",
)
def up(port: int, state: Path, *, demo: bool, clock: str, providers: str, engines: str) -> None:
    """Run the whole system on this machine."""
    if providers == "environment" and (demo or clock == "virtual"):
        raise click.UsageError("real people are told in real time only: leave out --demo and --clock virtual")
    from infra.local.engines import EMBEDDED, emulated  # noqa: PLC0415 - only this command needs the platform
    from infra.local.up import run  # noqa: PLC0415

    with emulated() if engines == "emulators" else nullcontext(EMBEDDED) as chosen:
        run(
            port=port,
            state=state,
            demo=demo,
            virtual=clock == "virtual",
            real_providers=providers == "environment",
            say=click.echo,
            engines=chosen,
        )


@cli.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--json", "only_json", is_flag=True, help="Nothing but the JSON lines.")
@CONFIG
def replay(files: tuple[Path, ...], *, only_json: bool, config_dir: Path | None) -> None:
    """Send payload FILES through a private platform.

    FILES may be folders of them. One JSON line each: outcome, reason, incident, who was told.
    """
    from infra.local import replay as replaying  # noqa: PLC0415

    found = [inner for file in files for inner in (sorted(file.rglob("*.json")) if file.is_dir() else [file])]
    counts: dict[str, int] = {}

    def tell(outcome: "replaying.Outcome") -> None:
        counts[outcome.outcome] = counts.get(outcome.outcome, 0) + 1
        click.echo(json.dumps(asdict(outcome), ensure_ascii=False))

    complete = replaying.replay(found, config_dir=config_dir, tell=tell)
    if not only_json:
        words = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
        click.echo(f"{len(found)} files: {words}", err=True)
    if not complete:
        raise NotFineError


@cli.command()
@click.argument("scenario", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--flight",
    "rule",
    default="",
    metavar="RULE",
    shell_complete=completing.rules,
    help="Who would be told if this alert broke at --at.",
)
@click.option("--at", "moment", default="", help="For --flight: an instant, e.g. 2026-03-10T02:10 (Cairo time).")
@CONFIG
@STATE
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def simulate(
    scenario: Path | None, *, rule: str, moment: str, config_dir: Path | None, state: str, as_json: bool
) -> None:
    """Play a SCENARIO, or a flight, on a virtual clock.

    Any message that a SCENARIO does not expect fails it.

    With --flight nothing is expected: it shows who would be told, when, how and at what cost if nobody answered.
    Duties taken over and channels turned off are taken from the --state folder where it holds any.
    """
    if (scenario is None) == (not rule):
        raise click.UsageError("name a SCENARIO file, or --flight RULE")
    if scenario is None:
        _fly(rule, moment=moment, config_dir=config_dir, state=state, as_json=as_json)
        return
    from infra.local.scenario import play, read  # noqa: PLC0415

    result = play(read(scenario))
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        for line in result.lines:
            click.echo(line)
    if not result.passed:
        raise NotFineError


def _fly(rule: str, *, moment: str, config_dir: Path | None, state: str, as_json: bool) -> None:
    from infra.local.flight import fly  # noqa: PLC0415
    from infra.local.flight_table import lines  # noqa: PLC0415

    at, changes = instant(moment), []
    if has_state(state):
        use(state)
        changes = amendments_of(bootstrap.state())
    flight = fly(rule, at=at, config_dir=config_dir, changes=changes)
    click.echo(json.dumps(flight.as_json(), ensure_ascii=False) if as_json else "\n".join(lines(flight)))
    if not flight.sent:
        raise NotFineError


@cli.command("bench")
@click.argument("what", type=click.Choice(["all", "events", "rules", "reports", "cold", "peers"]), default="all")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.option("--many", default=1_000, show_default=True, help="How many alerts are open, or in a batch (peers).")
def bench_command(what: str, *, as_json: bool, many: int) -> None:
    """Figures of this machine, as ratios in one run.

    Of events, rules, reports and cold starts (minutes); "all" is these. Peers holds the same work by Debian's
    Alertmanager beside ours, against bars: exit 1 when one is missed.
    """
    from shared.cli.bench import run as events  # noqa: PLC0415 - what is measured is imported when it is
    from shared.cli.bench_cold import run as cold  # noqa: PLC0415
    from shared.cli.bench_reports import run as reports  # noqa: PLC0415
    from shared.cli.bench_rules import run as rules  # noqa: PLC0415

    for name, run in (("events", events), ("rules", rules), ("reports", reports), ("cold", cold)):
        for figure in run() if what in {"all", name} else ():
            line = f"{figure.name:<48} {figure.value:>10}   {figure.ratio:6.2f} {figure.against}"
            click.echo(json.dumps(asdict(figure)) if as_json else line)
    if what == "peers" and not _beside_peers(many, as_json=as_json):
        raise NotFineError


def _beside_peers(many: int, *, as_json: bool) -> bool:
    from shared.cli.bench_peers import run  # noqa: PLC0415

    before, missed = logging.root.manager.disable, 0
    logging.disable(logging.CRITICAL)  # thousands of alerts are not news
    try:
        for line in run(many=many):
            missed += not line.is_met
            told = {**asdict(line), "ratio": line.ratio, "is_met": line.is_met}
            click.echo(json.dumps(told) if as_json else str(line))
    finally:
        logging.disable(before)
    return not missed
