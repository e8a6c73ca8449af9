"""Types met for the first time by several threads at once."""

import ast
import subprocess
import sys

import msgspec
import pytest

from infra.tools.sources import ROOT
from shared import typed
from shared.domain.incidents import Incident

# msgspec alone crashes within some tens of these rounds.
RACE = """
import sys, threading
from dataclasses import make_dataclass
from shared import typed

sys.setswitchinterval(1e-6)

def meet(number):
    inner = [make_dataclass(f"Inner{number}x{n}", [(f"f{m}", "int | None", None) for m in range(10)]) for n in range(5)]
    kind = make_dataclass(f"Outer{number}", [(f"x{n}", one) for n, one in enumerate(inner)])
    data = {f"x{n}": {f"f{m}": m for m in range(10)} for n in range(5)}
    barrier, read = threading.Barrier(8), []

    def one():
        barrier.wait()
        read.append(typed.convert(data, kind).x4.f9)

    threads = [threading.Thread(target=one) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert read == [9] * 8, read

for number in range(150):
    meet(number)
"""


def test_threads_that_meet_a_type_for_the_first_time_all_read_it():
    done = subprocess.run([sys.executable, "-c", RACE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_does_not_fit_is_refused():
    with pytest.raises(msgspec.ValidationError, match="id"):
        typed.convert({}, Incident)
    with pytest.raises(msgspec.DecodeError):
        typed.decode_json(b"{", Incident)


@pytest.mark.parametrize("kind", [Incident, dict[str, object]])
@pytest.mark.parametrize(
    "text", [b'{"id": "\xff"}', b'{"\xff": 1}', b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"]
)
def test_E07_a_text_that_is_no_utf_8_or_nested_without_end_is_refused_like_any_other(kind, text):
    with pytest.raises(msgspec.DecodeError):
        typed.decode_json(text, kind)


def test_nothing_reads_into_a_type_in_any_other_way():
    found = []
    for folder in ("shared", "functions", "infra"):
        for file in (ROOT / folder).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(text)) if "msgspec" in text else ():
                if not isinstance(node, ast.Call):
                    continue
                called, given = ast.unparse(node.func), {one.arg for one in node.keywords}
                if called == "msgspec.convert" or (called.startswith("msgspec.") and "type" in given):
                    found.append(str(file.relative_to(ROOT)))
    assert set(found) == {"shared/typed.py"}


def test_dialects_are_whole_before_two_threads_can_ask_for_one():
    """Asked for by name, sqlglot registers a dialect before it is finished: a second thread then parses wrongly."""
    loaded = "import shared.adapters.dialect.translate, sys; print([n for n in ('bigquery', 'duckdb') if f'sqlglot.dialects.{n}' in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "['bigquery', 'duckdb']\n"
