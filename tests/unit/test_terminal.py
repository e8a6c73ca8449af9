"""The command line prints text: what came from outside does nothing to the terminal of whoever is on call."""

import sys

import click
import pytest

from shared import bootstrap
from shared.cli import operate
from shared.cli.main import run
from shared.cli.terminal import plain_output
from shared.ports.store import Create
from shared.usecases.records import DEAD_LETTERS

assert operate
HOSTILE = "a\x1b]0;owned\x07\x9b31m\u202eb\u2066\x08\rc"


@pytest.mark.parametrize("is_error", [False, True])
def test_E47_an_escape_of_a_terminal_reaches_neither_output(capsys, is_error):
    with plain_output():
        click.echo(f"{HOSTILE}\n\tسوق", err=is_error)
    printed = capsys.readouterr()
    assert (printed.err if is_error else printed.out) == "a]0;owned31mbc\n\tسوق\n"


def test_E47_a_dead_letter_is_shown_without_its_escapes(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SOUKMON_STATE", str(tmp_path))
    bootstrap.install()
    letter = {
        "function": "f",
        "reason": HOSTILE,
        "preview": HOSTILE,
        "state": "kept",
        "received_at": "2026-03-10T00:10:00Z",
    }
    bootstrap.state().commit([Create(DEAD_LETTERS, "d1", letter)])
    for words in (["list"], ["show", "d1"]):
        assert run(["dead-letters", *words, "--state", str(tmp_path)]) == 0
        printed = capsys.readouterr().out
        assert "owned" in printed
        assert not set("\x1b\x07\x08\r\x9b\u202e\u2066") & set(printed)
    bootstrap.install()


def test_the_streams_are_themselves_again_afterwards(capsys):
    before = sys.stdout, sys.stderr
    with pytest.raises(KeyError), plain_output():
        raise KeyError
    assert (sys.stdout, sys.stderr) == before
