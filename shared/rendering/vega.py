"""The renderer that draws Vega-Lite without a browser, its font, and the bundle that draws the same in one."""

import hashlib
import json
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from shared.rendering.chart_colours import THEMES

NOTICE = "/* Contains Vega, Vega-Lite, Vega-Embed: (c) University of Washington Interactive Data Lab, BSD-3-Clause. */"
SCRIPT = Path(__file__).parent / "templates" / "charts.js"


@lru_cache(maxsize=1)
def family() -> str:
    """The font of both languages; pictures have no other, so that they look alike on every machine."""
    from fontpkg_ibm_plex_sans_arabic import FAMILY  # type: ignore[import-untyped]  # noqa: PLC0415

    return f"{FAMILY}, sans-serif"


def font_files() -> Path:
    """The folder of its files."""
    from fontpkg_ibm_plex_sans_arabic import ROOT  # noqa: PLC0415

    return Path(ROOT) / "files"


@lru_cache(maxsize=1)
def renderer() -> ModuleType:
    """The renderer, which knows that font."""
    import vl_convert  # noqa: PLC0415 - 100 MB of renderer, paid for only by who draws

    vl_convert.register_font_directory(str(font_files()))
    return vl_convert


@lru_cache(maxsize=1)
def bundle() -> str:
    """A script that defines `soukCharts` and nothing else: Vega, which the renderer contains, and our few lines.

    The same bytes from the same packages; making it takes seconds, once in a process.
    """
    return f'{NOTICE}\n(() => {{"use strict";{renderer().javascript_bundle(_snippet())}}})();\n'


@lru_cache(maxsize=1)
def bundle_version() -> str:
    """What the bundle is made of, in hexadecimal digits; known without making it."""
    made_of = f"{version('vl-convert-python')}\n{NOTICE}\n{_snippet()}"
    return hashlib.sha256(made_of.encode()).hexdigest()


def _snippet() -> str:
    return f"const THEMES = {json.dumps(THEMES)};\n{SCRIPT.read_text(encoding='utf-8')}"
