"""The page of a post-mortem: read by everybody of ours, written and completed by who may act, in forms of ours."""

import pytest

from shared.usecases.act import Act, Action, act
from shared.usecases.post_mortems import read_post_mortem
from tests.integration.pages.conftest import OURS


@pytest.fixture
def ended(house):
    name = house.happens(title="<i>Checkout</i> fails")
    ports = {"config": house.config, "store": house.store, "publisher": house.bus, "clock": house.clock}
    act(Act(Action.RESOLVE, name, "mona", "slack"), **ports)
    return name


@pytest.fixture
def mona(house):
    return house.open("iap").as_("mona@souk.example", "iap")


def path(name):
    return f"/incidents/{name}/post-mortem"


def write(browser, name, base=0, **form):
    form = {"token": browser.token(), "action": "write", "section": "causes", "text": "A null.", "base": base, **form}
    return browser.post(path(name), form)


def test_a_section_is_written_and_the_page_says_so_and_shows_it(house, mona, ended):
    answer = write(mona, ended, text="A null\r\nin the cart.")
    assert (answer.status_code, answer.headers["Location"]) == (303, path(ended))
    page = mona.get(path(ended)).text
    assert "post-mortem written" in page
    assert "in the cart." in page
    assert "&lt;i&gt;Checkout&lt;/i&gt; fails" in page
    assert read_post_mortem(house.store, ended).sections == {"causes": "A null\nin the cart."}


def test_one_section_leaves_the_others_and_an_old_page_overwrites_nothing(house, mona, ended):
    write(mona, ended)
    write(mona, ended, 1, section="went_well", text="The page was quick.")
    write(mona, ended, 1, text="from an old page")
    assert read_post_mortem(house.store, ended).sections == {"causes": "A null.", "went_well": "The page was quick."}
    assert "somebody has written a later revision" in mona.get(path(ended)).text


def test_it_is_completed_with_a_reason_why_nothing_follows(house, mona, ended):
    write(mona, ended)
    form = {"token": mona.token(), "action": "complete", "no_action": "the vendor's fault"}
    assert mona.post(path(ended), {**form, "no_action": ""}).status_code == 303
    assert read_post_mortem(house.store, ended).is_open
    mona.post(path(ended), form)
    assert read_post_mortem(house.store, ended).completed_by == "mona"


@pytest.mark.parametrize("form", [{"section": "rumours"}, {"base": "x"}, {"base": "٣"}, {"base": "1" * 10}])
def test_a_form_that_makes_no_sense_is_refused_and_changes_nothing(house, mona, ended, form):
    before = house.everything()
    assert write(mona, ended, **form).status_code == 400
    assert house.everything() == before


def test_observers_read_and_see_no_form_and_write_nothing(house, ended):
    board = house.open("iap").as_("board@souk.example", "iap")
    page = board.get(path(ended))
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert board.post(path(ended), {"section": "causes", "text": "x", "base": 0}, headers=OURS).status_code == 403
    assert read_post_mortem(house.store, ended) is None


def test_what_a_reader_may_not_know_of_has_no_post_mortem_either(house, mona):
    name = house.happens(name="breach", restricted="yes")
    assert mona.get(path(name)).status_code == mona.get(path("INC-0")).status_code == 404


def test_the_file_to_edit_is_markdown_and_the_page_comes_in_arabic(mona, ended):
    file = mona.get(f"{path(ended)}?form=markdown")
    assert file.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert file.text.startswith(f"<!-- post-mortem {ended} revision 0 -->")
    assert "تقرير ما بعد البلاغ" in mona.get(f"{path(ended)}?lang=ar").text
