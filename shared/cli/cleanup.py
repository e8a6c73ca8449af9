"""`soukmon cleanup`: what nobody uses and could be deleted; nothing goes before a person has approved it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from shared import bootstrap
from shared.bootstrap.audits import stocks
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, open_warehouse, use
from shared.domain.cleanup import WAITS, Proposal, State
from shared.domain.oncall import CAIRO
from shared.usecases.cleaning import carry_out, decide, open_proposals

BY = click.option("--by", required=True, help="Who decides: a person of oncall.yaml.")


@cli.group()
def cleanup() -> None:
    """Proposals to delete what nobody uses."""


@cleanup.command("list")
@STATE
def list_proposals(state: str) -> None:
    """Every proposal that waits.

    With its size and why it is thought unused.
    """
    use(state)
    for one in open_proposals(bootstrap.state()):
        click.echo("\n".join(_lines(one)))


@cleanup.command()
@click.argument("proposals", nargs=-1, required=True)
@click.option("--now", "at_once", is_flag=True, help="Delete at once, not at the next look.")
@BY
@STATE
def approve(proposals: tuple[str, ...], *, at_once: bool, by: str, state: str) -> None:
    """Approve PROPOSALS.

    What is still the same and unused is deleted by the next look (Wednesday 6:00).
    """
    use(state)
    for name in proposals:
        click.echo(f"{_decided(name, State.APPROVED, by)}; it goes {'now' if at_once else 'with the next look'}")
    if at_once:
        _carry_out()


@cleanup.command()
@click.argument("proposals", nargs=-1, required=True)
@BY
@STATE
def reject(proposals: tuple[str, ...], *, by: str, state: str) -> None:
    """Reject PROPOSALS.

    These things, as they are, are not proposed again.
    """
    use(state)
    for name in proposals:
        click.echo(_decided(name, State.REJECTED, by))


def _decided(name: str, state: State, by: str) -> str:
    directory, now = bootstrap.present().directory, bootstrap.clock().now()
    one = decide(name, state, by=by, directory=directory, store=bootstrap.state(), now=now)
    return f"{state}: {one.candidate.kind} {one.candidate.name}"


def _carry_out() -> None:
    open_warehouse()
    carried = carry_out(stocks(), store=bootstrap.state(), now=bootstrap.clock().now())
    for one in carried.deleted:
        click.echo(f"deleted: {one.candidate.kind} {one.candidate.name}, {one.candidate.size:,} bytes")
    for one in carried.changed:
        click.echo(f"kept: {one.candidate.kind} {one.candidate.name} is in use, another thing or gone by now")
    for said in carried.refused:
        click.echo(f"not possible: {said}", err=True)
    if carried.refused:
        raise NotFineError


def _lines(one: Proposal) -> tuple[str, str]:
    candidate, ends = one.candidate, (one.decided_at or one.at) + WAITS
    who = f", by {one.by}" if one.by else ""
    first = f"{one.id}  {candidate.kind} {candidate.name}  {candidate.size:,} bytes  {one.state}{who}"
    return first, f"  {candidate.because}; proposed {_day(one.at)}, waits until {_day(ends)}"


def _day(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(CAIRO)):%d %b %Y}"
