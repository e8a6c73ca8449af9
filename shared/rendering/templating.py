"""The packaged templates, every value escaped for HTML."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.rendering.catalogue import COLOURS, fact_name, recorded, words
from shared.rendering.escaping import isolated
from shared.rendering.plurals import numbered
from shared.rendering.view import cairo, lasting, standing

FOLDER = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment; a name that a template misspells is an error."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "cairo": cairo,
        "fact": fact_name,
        "recorded": recorded,
        "numbered": numbered,
        "isolated": isolated,
    }
    made.globals |= {
        "lasting": lasting,
        "standing": standing,
        "colours": {str(k): v for k, v in COLOURS.items()},
    }
    return made


def render(name: str, *, locale: str = "en", **values: Any) -> str:  # noqa: ANN401 - a template's values
    """A template's text in a locale."""
    direction = "rtl" if locale == "ar" else "ltr"
    return environment().get_template(name).render(say=words(locale), locale=locale, direction=direction, **values)
