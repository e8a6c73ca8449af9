"""What somebody probably meant who wrote a name that is not there."""

import difflib
from collections.abc import Iterable

FEW = 12


def nearest(wrong: str, known: Iterable[str]) -> str:
    """The known name that looks most like it, whatever the capitals; "" where none does."""
    names = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(wrong.casefold(), names, n=1)
    return names[near[0]] if near else ""


def one_of(known: Iterable[str], wrong: str) -> str:
    """How to write it instead: the name that was probably meant, and (of many, the first) all there are."""
    names = list(dict.fromkeys(known))
    if not names:
        return "leave it out: none is defined yet"
    near = nearest(wrong, names)
    told = ", ".join(names[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")
    return f"did you mean {near}? write one of {told} instead" if near else f"write one of {told} instead"
