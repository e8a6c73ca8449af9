"""The archive of reports as its readers get it: what was issued, in words, and files that can do no harm."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.folder import FolderObjects
from shared.config.loader import load
from shared.domain.editions import File, Issued
from shared.domain.reports import Edition
from shared.ports.store import Create
from shared.usecases.records import REPORTS, body_of
from shared.usecases.report_pages import ON_A_PAGE

A_DAY = timedelta(days=1)
CALLERS = {"mona@souk.example": 200, "board@souk.example": 200, "eve@souk.example": 403}


@pytest.fixture
def mona(house):
    house.config = replace(house.config, reporting=load().reporting)
    return house.open("iap").as_("mona@souk.example", "iap")


def issued(house, report="business_report", period="2026-11-29", *, form="html", edition=Edition.FINAL, at=None):
    """An edition with a file in each language, in the archive."""
    names = {locale: f"{report}-{period}-{edition}-{locale}-0123456789abcdef.{form}" for locale in ("en", "ar")}
    archive = FolderObjects(house.folder / "reports")
    for locale, name in names.items():
        archive.create(name, f"<p>{locale}</p><script>x</script>".encode(), content_type="text/html")
    files = (
        *(File(locale, form, name, "0" * 64) for locale, name in names.items()),
        File("en", "png", "p.png", "0" * 64),
    )
    made = Issued(report, period, edition, at or house.clock.now(), files, (edition,))
    body = {**body_of(made), "is_open": "yes" if made.is_open else "no"}
    house.store.commit([Create(REPORTS, made.id, body)])
    return names


def test_an_empty_archive_says_so_in_both_languages(mona):
    assert "No report has been issued yet." in mona.get("/reports").text
    assert "لم يصدر أي تقرير بعد." in mona.get("/reports?lang=ar").text


def test_reports_are_listed_newest_first_with_their_period_edition_and_files(house, mona):
    issued(house, at=house.clock.now() - A_DAY)
    names = issued(house, "executive_summary", "2026-11", form="pptx", edition=Edition.PROVISIONAL)
    page = mona.get("/reports").text
    assert re.findall("<h2>([^<]+)</h2>", page) == ["Executive summary", "Business report"]
    assert re.findall("</h2><p>([^<]+)</p>", page) == ["November 2026", "Sunday 29 November 2026"]
    assert "Provisional edition" in page
    assert all(f'href="/reports/{name}"' in page for name in names.values())
    assert "p.png" not in page


def test_an_arabic_reader_reads_periods_and_forms_in_arabic(house, mona):
    issued(house)
    page = mona.get("/reports?lang=ar").text
    assert "الأحد 29 نوفمبر 2026" in page
    assert "صفحة تفاعلية" in page


def test_one_report_alone(house, mona):
    issued(house)
    issued(house, "technical_review", "2026-11-23-to-2026-11-29", form="pdf")
    assert re.findall("<h2>([^<]+)</h2>", mona.get("/reports?report=technical_review").text) == ["Technical review"]
    assert mona.get("/reports?report=made_up").status_code == 404


def test_pages_of_the_archive_show_every_edition_once(house, mona):
    for number in range(ON_A_PAGE + 3):
        day = (house.clock.now() - number * A_DAY).date()
        issued(house, period=str(day), at=house.clock.now() - number * A_DAY)
    seen, path = [], "/reports?report=business_report"
    while path:
        page = mona.get(path).text
        seen += re.findall(r'href="/reports/([^"]+-en-[^"]+)"', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert (len(seen), len(set(seen))) == (ON_A_PAGE + 3, ON_A_PAGE + 3)


def test_a_report_that_is_a_page_runs_in_a_box_and_is_not_kept(house, mona):
    name = issued(house)["en"]
    answer = mona.get(f"/reports/{name}")
    (policy,) = answer.headers.get_all("Content-Security-Policy")
    assert (answer.status_code, answer.data[:9]) == (200, b"<p>en</p>")
    assert ("sandbox" in policy, "allow-same-origin" in policy, "default-src 'none'" in policy) == (True, False, True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'


@pytest.mark.parametrize("email", CALLERS)
def test_who_reads_the_dashboards_reads_the_reports_and_nobody_else(house, mona, email):
    name = issued(house)["en"]
    reader = house.open("iap").as_(email, "iap")
    assert {reader.get(path).status_code for path in ("/reports", f"/reports/{name}")} == {CALLERS[email]}
    assert house.open("iap").get(f"/reports/{name}").status_code == 401


@pytest.mark.parametrize("name", ["none.pdf", "..%2fstate.db", "business_report.txt", "%2e%2e.pdf"])
def test_there_is_no_other_file(mona, name):
    assert mona.get(f"/reports/{name}").status_code == 404
