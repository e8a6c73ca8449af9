"""Checks are made side by side; one that dies or hangs is told as such, and keeps nobody waiting."""

import subprocess
import sys
import textwrap
import threading

from infra.tools.doctor.outcomes import Check, CheckError, State, fine, listed, one_line, stopped_by
from infra.tools.doctor.printing import as_json, line_of, summary
from infra.tools.doctor.running import examine


def dies():
    raise KeyError("xoxb-1234567890-secret")


def may_not():
    raise CheckError("may not look", "grant it", state=State.SKIPPED)


def test_a_check_that_dies_fails_and_the_others_are_told_in_order():
    checks = [Check("a", lambda: fine("good")), Check("b", dies), Check("c", may_not), Check("d", lambda: fine("good"))]
    found = list(examine(checks))
    assert [(one.name, one.outcome.state) for one in found] == [
        ("a", "ok"),
        ("b", "fail"),
        ("c", "skipped"),
        ("d", "ok"),
    ]
    assert "KeyError" in found[1].outcome.says
    assert "xoxb" not in found[1].outcome.says
    assert found[2].outcome.fix == "grant it"


def test_a_check_that_hangs_is_given_up_and_the_others_go_on():
    end = threading.Event()
    checks = [Check("hangs", end.wait), *(Check(f"n{n}", lambda: fine("good")) for n in range(20))]
    found = list(examine(checks, seconds=0.2, workers=3))
    end.set()
    assert (found[0].outcome.state, found[0].outcome.says) == (State.FAIL, "no answer within 0.2 s")
    assert {one.outcome.state for one in found[1:]} == {State.OK}


def test_when_all_workers_hang_the_rest_are_given_up_too():
    end = threading.Event()
    found = list(examine([Check(f"n{n}", end.wait) for n in range(6)], seconds=0.1, workers=2))
    end.set()
    assert {one.outcome.state for one in found} == {State.FAIL}


def test_what_hangs_does_not_keep_the_program_from_ending():
    program = """
        import threading
        from infra.tools.doctor.outcomes import Check
        from infra.tools.doctor.running import examine
        print([one.outcome.says for one in examine([Check("hangs", threading.Event().wait)], seconds=0.1)])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "['no answer within 0.1 s']\n", "")


def test_what_is_told_is_one_bounded_line_without_addresses():
    told = one_line("first\n  second mona.adel@souk.example +201000000011 " + "x" * 500)
    assert "\n" not in told
    assert len(told) == 240
    assert "mona.adel" not in told
    assert "+2010" not in told


def test_many_names_are_counted():
    assert listed("fedcba") == "a, b, c, d and 2 more"
    assert listed(["b", "a"]) == "a, b"


def test_the_table_and_the_json_say_the_same():
    found = list(examine([Check("apis", lambda: fine("all")), Check("slack", dies)]))
    assert line_of(found[0], 6) == "ok    apis    all"
    assert line_of(found[1], 6).startswith("FAIL  slack   could not be looked at: KeyError")
    assert "\n              -> see the message" in line_of(found[1], 6)
    assert summary(found) == "2 checks: 1 ok, 1 fail"
    assert '"ok": false' in as_json(found)
    assert '"ok": true' in as_json(found[:1])


def test_an_error_of_any_kind_becomes_an_outcome():
    assert stopped_by(OSError("no route")).says == "could not be looked at: OSError: no route"
