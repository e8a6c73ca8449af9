"""What `soukmon verify` found, as lines and as JSON."""

from collections.abc import Iterator, Sequence

from shared.domain.verifying import Fault


def fault_lines(faults: Sequence[Fault]) -> Iterator[str]:
    """One line each: which record, and what is wrong with it."""
    for fault in faults:
        yield f"{fault.record}: {fault.wrong}" + (f" ({fault.detail})" if fault.detail else "")


def faults_as_json(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """The same for programs; `wrong` is the fault's name, `says` its sentence."""
    return [
        {"record": fault.record, "wrong": fault.wrong.name.lower(), "says": str(fault.wrong), "detail": fault.detail}
        for fault in faults
    ]
