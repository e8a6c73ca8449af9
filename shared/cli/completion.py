"""`soukmon completion`: the script by which a shell completes commands, options and names."""

import click
from click.shell_completion import get_completion_class

from shared.cli.main import cli

# Read when the command is first completed, so that no shell starts slower for it.
PLACES = {
    "bash": "~/.local/share/bash-completion/completions/soukmon",
    "zsh": "~/.zfunc/_soukmon   (with fpath+=~/.zfunc before compinit in ~/.zshrc)",
    "fish": "~/.config/fish/completions/soukmon.fish",
}


@cli.command()
@click.argument("shell", type=click.Choice(list(PLACES)))
def completion(shell: str) -> None:
    """Print what makes a SHELL complete commands and names.

    Commands, options, rules, jobs, reports, people and the newest incidents. Where to put it is said on stderr.
    """
    found = get_completion_class(shell)
    if found is None:
        raise LookupError(f"nothing is known about completion in {shell}")
    click.echo(f"# put this into {PLACES[shell]}", err=True)
    click.echo(found(cli, {}, "soukmon", "_SOUKMON_COMPLETE").source())
