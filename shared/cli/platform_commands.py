"""Commands that start a platform: up, replay, simulate, fire."""

import json
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import click

from shared.cli.main import NotFineError, cli

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, path_type=Path)


@cli.command()
@click.option("--port", default=8080, show_default=True, help="Where the gateway listens, on 127.0.0.1.")
@click.option("--state", type=FOLDER, default=Path(".soukmon"), show_default=True, help="Where everything is kept.")
@click.option("--demo", is_flag=True, help="Play a day of incidents first (in a fresh state folder).")
@click.option("--clock", type=click.Choice(["real", "virtual"]), default="real", show_default=True)
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
def replay(files: tuple[Path, ...], *, only_json: bool) -> None:
    """Send payload FILES (or folders of them) through a private platform; one JSON line each."""
    from infra.local import replay as replaying  # noqa: PLC0415

    found = [inner for file in files for inner in (sorted(file.rglob("*.json")) if file.is_dir() else [file])]
    counts: dict[str, int] = {}

    def tell(outcome: "replaying.Outcome") -> None:
        counts[outcome.outcome] = counts.get(outcome.outcome, 0) + 1
        click.echo(json.dumps(asdict(outcome), ensure_ascii=False))

    complete = replaying.replay(found, tell=tell)
    if not only_json:
        words = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
        click.echo(f"{len(found)} files: {words}", err=True)
    if not complete:
        raise NotFineError


@cli.command()
@click.argument("scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object with every step.")
def simulate(scenario: Path, *, as_json: bool) -> None:
    """Play a SCENARIO on a virtual clock; any message it does not expect fails it."""
    from infra.local.scenario import play, read  # noqa: PLC0415

    result = play(read(scenario))
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        for line in result.lines:
            click.echo(line)
    if not result.passed:
        raise NotFineError


@cli.command()
@click.argument("rule")
def fire(rule: str) -> None:
    """Test-fire an event RULE through every function to the sandbox; shows who would be told how."""
    from infra.local.firing import fire as test_fire  # noqa: PLC0415

    report = test_fire(rule)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    if not report["notifications"]:
        raise NotFineError


@cli.command("bench")
@click.argument("what", type=click.Choice(["all", "events", "rules", "cold"]), default="all")
def bench_command(what: str) -> None:
    """Figures of this machine, as ratios in one run: of handling events, evaluating rules, cold starts (minutes)."""
    from shared.cli.bench import run as events  # noqa: PLC0415 - what is measured is imported when it is
    from shared.cli.bench_cold import run as cold  # noqa: PLC0415
    from shared.cli.bench_rules import run as rules  # noqa: PLC0415

    for name, run in (("events", events), ("rules", rules), ("cold", cold)):
        for figure in run() if what in {"all", name} else ():
            click.echo(f"{figure.name:<48} {figure.value:>10}   {figure.ratio:6.2f} {figure.against}")
