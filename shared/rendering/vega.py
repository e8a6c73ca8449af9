"""The renderer that draws Vega-Lite without a browser, its font, and the bundle that draws the same in one."""

from functools import lru_cache
from pathlib import Path
from types import ModuleType


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
