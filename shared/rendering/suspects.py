"""The changes that may explain an incident, as one line each, and the command that takes one back."""

from collections.abc import Sequence

from shared.domain.changes import Change, Suspect
from shared.domain.incidents import Incident
from shared.rendering.diagnosis_words import words
from shared.rendering.escaping import isolated, one_line
from shared.rendering.plurals import after_a_preposition
from shared.rendering.view import lasting

NAME = 100


def suspect_lines(incident: Incident, suspects: Sequence[Suspect], locale: str = "en") -> list[str]:
    """A change as "12 min after release 4.2.1 of web by mona", and below it "Take it back: gcloud run ..."."""
    lines = []
    for suspect in suspects:
        lines.append(_line(incident, suspect.change, locale))
        if suspect.command:
            shown = isolated(suspect.command) if locale == "ar" else suspect.command
            lines.append(f"{words(locale)['take_back']}: {shown}")
    return lines


def _line(incident: Incident, change: Change, locale: str) -> str:
    say = words(locale)
    what = [say[change.kind], _foreign(change.version or change.what, locale)]
    what.append(say["of"].format(_foreign(change.service, locale)) if change.service else "")
    what.append(say["by"].format(_foreign(change.by, locale)) if change.by else "")
    ago = after_a_preposition(lasting(change.at, incident.began_at, locale))
    return say["after"].format(ago=ago, what=" ".join(text for text in what if text))


def _foreign(text: str, locale: str) -> str:
    line = one_line(text)[:NAME]
    return isolated(line) if line and locale == "ar" else line
