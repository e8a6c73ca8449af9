"""Links to charts: who has the link sees the picture, nobody else sees any, and it is drawn once."""

import pytest

from shared.adapters.folder import FolderObjects
from shared.adapters.sqlite_state import SqliteState
from shared.errors import RefusedError
from shared.ports.store import Put
from shared.rendering import charts
from shared.usecases.chart_link import EVIDENCE, chart_url, evidence_write, picture, read_evidence, respond
from tests.unit.evidence_samples import evidence

KEYS = ("old-key", "new-key")
BASE = "https://m.souk.example/c"


@pytest.fixture
def store(tmp_path):
    made = SqliteState(tmp_path / "state.db")
    made.commit([evidence_write("e1", evidence())])
    return made


@pytest.fixture
def objects(tmp_path):
    return FolderObjects(tmp_path / "objects")


@pytest.fixture
def drawn(monkeypatch):
    """The locales that were drawn, in order."""
    found = []
    monkeypatch.setattr(
        charts, "png", lambda shown, locale: found.append(locale) or f"{shown.metric} {locale}".encode()
    )
    return found


def path_of(**changes):
    return chart_url(BASE, "e1", **{"keys": KEYS, **changes}).removeprefix("https://m.souk.example")


def test_evidence_comes_back_as_it_was_kept_and_no_list_holds_a_list(store):
    assert read_evidence(store, "e1") == evidence()
    body = store.get(EVIDENCE, "e1").body
    assert not [1 for value in body.values() if isinstance(value, list) for item in value if isinstance(item, list)]


@pytest.mark.parametrize("name", ["", "e2"])
def test_evidence_that_was_never_kept_is_none_and_has_no_picture(store, objects, name):
    assert read_evidence(store, name) is None
    assert picture(name, store=store, objects=objects) is None


@pytest.mark.parametrize("body", [{}, {"points": []}, {"points": [1]}, {"points": None}])
def test_evidence_of_another_release_is_as_good_as_none(store, objects, body):
    store.commit([Put(EVIDENCE, "e2", body)])
    assert read_evidence(store, "e2") is None
    assert picture("e2", store=store, objects=objects) is None


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_signed_address_leads_to_the_picture_in_its_language(store, objects, drawn, locale):
    body, status, headers = respond(path_of(locale=locale), keys=KEYS, store=store, objects=objects)
    assert (body, status) == (f"error_rate {locale}".encode(), 200)
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("image/png", "nosniff")


def test_a_picture_is_drawn_once_for_each_language(store, objects, drawn):
    for locale in ("en", "en", "ar", "en"):
        picture("e1", locale=locale, store=store, objects=objects)
    assert drawn == ["en", "ar"]


def test_the_address_is_short_ends_in_png_and_survives_a_change_of_keys(store, objects, drawn):
    assert chart_url(BASE, "e1", keys=KEYS).endswith(".png")
    assert len(path_of()) < 60
    old = path_of(keys=KEYS[:1])
    assert old != path_of()
    assert respond(old, keys=KEYS, store=store, objects=objects)[1] == 200


@pytest.mark.parametrize("mount", ["/c", "", "/functions/serve_chart"])
def test_the_function_may_be_mounted_anywhere(store, objects, drawn, mount):
    path = mount + path_of().removeprefix("/c")
    assert respond(path, keys=KEYS, store=store, objects=objects)[1] == 200


FORGED = [
    "",
    "/",
    "/e1",
    "/c/e1/en/.png",
    "/c/e1/en/AAAAAAAAAAAAAAAAAAAA.png",
    "/c/../e1/en/x.png",
    "/c/e1/en/\u0635.png",
]


@pytest.mark.parametrize("path", FORGED)
def test_a_forged_address_is_refused(store, objects, drawn, path):
    with pytest.raises(RefusedError) as refusal:
        respond(path, keys=KEYS, store=store, objects=objects)
    assert (refusal.value.status, drawn) == (401, [])


def test_a_signature_fits_one_chart_in_one_language_under_our_keys(store, objects, drawn):
    store.commit([evidence_write("e2", evidence())])
    good = path_of()
    for path in (
        good.replace("e1", "e2"),
        good.replace("/en/", "/ar/"),
        path_of(locale="fr"),
        path_of(keys=("theirs",)),
    ):
        with pytest.raises(RefusedError) as refusal:
            respond(path, keys=KEYS, store=store, objects=objects)
        assert refusal.value.status == 401
    assert drawn == []


def test_a_signed_address_without_evidence_is_not_found(store, objects, drawn):
    path = chart_url("", "gone", keys=KEYS)
    with pytest.raises(RefusedError) as refusal:
        respond(path, keys=KEYS, store=store, objects=objects)
    assert refusal.value.status == 404


def test_a_name_that_leads_out_of_the_store_reaches_no_file(store, objects):
    assert picture("../../state", store=store, objects=objects) is None
