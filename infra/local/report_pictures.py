"""Pages of reports as pictures for the README: PDFs by poppler, slides by LibreOffice first."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shared.domain.editions import Issued
from shared.ports.objects import ObjectStore

TOOLS = {"pdftoppm": "poppler-utils", "soffice": "libreoffice-impress"}
DOTS = {"pdf": 70, "pptx": 60}  # an inch


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a report's PDF or presentation."""

    name: str
    report: str
    locale: str
    number: int


PAGES = (
    Page("report_performance_en", "performance_report", "en", 1),
    Page("report_technical_en", "technical_review", "en", 2),
    Page("report_technical_ar", "technical_review", "ar", 2),
    Page("report_summary_en", "executive_summary", "en", 2),
    Page("report_summary_ar", "executive_summary", "ar", 5),
)


def take(issued: Iterable[Issued], archive: ObjectStore, folder: Path) -> None:
    """Every page of `PAGES` into the folder. Raises SystemExit where a tool is missing."""
    for tool, package in TOOLS.items():
        if shutil.which(tool) is None:
            raise SystemExit(f"{tool} (Debian: {package}) is not installed")
    files = {(one.report, file.locale, file.form): file.name for one in issued for file in one.files}
    for page in PAGES:
        form, name = next(
            (f, files[page.report, page.locale, f]) for f in DOTS if (page.report, page.locale, f) in files
        )
        data = archive.read(name)
        if data is not None:
            with tempfile.TemporaryDirectory(prefix="soukmon-") as place:
                _picture(page, form, data, Path(place), folder)


def _picture(page: Page, form: str, data: bytes, place: Path, folder: Path) -> None:
    source = place / f"report.{form}"
    source.write_bytes(data)
    if form == "pptx":
        _run("soffice", "--headless", "--convert-to", "pdf", "--outdir", str(place), str(source))
        source = source.with_suffix(".pdf")
    number, dots = str(page.number), str(DOTS[form])
    _run("pdftoppm", "-r", dots, "-f", number, "-singlefile", "-png", str(source), str(folder / page.name))


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words
