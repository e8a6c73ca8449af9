"""The page of an incident as somebody who may act sees it."""

import re

from shared.rendering.incident_pages import Button, Story
from shared.rendering.incident_pages import incident_page as drawn

SCRIPT = re.compile('<script src="/assets/site.js[^"<>]*" defer></script>')
FRAME = {
    "reader": "Mona Adel",
    "token": "t",
    "said": "",
    "signs_out": True,
    "turned": "/incidents/1?lang=ar",
    "pages": (),
}
BUTTONS = (
    Button("acknowledge", is_first=True),
    Button("resolve", ("note",), asks="confirm_resolve"),
    Button("reassign", ("to", "note")),
    Button("snooze", ("lasting", "note")),
)


def without_our_script(page):
    """The page without its one script, which is a file of ours."""
    less, count = SCRIPT.subn("", page)
    assert count <= 1
    return less


def incident_page(incident, timeline=(), notifications=(), *, now, locale="en", **more):
    story = Story(incident, now, timeline=timeline, notifications=notifications, buttons=BUTTONS,
                  options={"to": [("omar", "Omar Said")], "anybody": [("omar", "Omar Said")], "lasting": [("30", "30")]}, **more)  # fmt: skip
    return drawn(story, FRAME, locale=locale)
