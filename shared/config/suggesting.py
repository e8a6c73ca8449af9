"""What somebody probably meant who wrote a name that is not there."""

from collections.abc import Iterable

FEW = 12


def nearest(wrong: str, known: Iterable[str]) -> str:
    """The known name that looks most like it, whatever the capitals; "" where none does.

    Of team:support and the like the names alone are compared, or all of one kind would look alike.
    """
    import difflib  # noqa: PLC0415 - functions need it only when their configuration is refused

    names = {_bare(name): name for name in known}
    near = difflib.get_close_matches(_bare(wrong), names, n=1)
    return names[near[0]] if near else ""


def _bare(name: str) -> str:
    return name.rpartition(":")[2].partition("@")[0].casefold()


def one_of(known: Iterable[str], wrong: str) -> str:
    """How to write it instead: the name that was probably meant, and (of many, the first) all there are."""
    names = list(dict.fromkeys(known))
    if not names:
        return "leave it out: none is defined yet"
    near = nearest(wrong, names)
    told = ", ".join(names[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")
    return f"did you mean {near}? write one of {told} instead" if near else f"write one of {told} instead"
