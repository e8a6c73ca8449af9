"""The shortest form of a text: one segment whatever happens, the link whole."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.reasons import Notify
from shared.rendering.segments import segments
from shared.rendering.sms import short_sms


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=st.text(max_size=200), service=st.text(max_size=40), path=st.integers(0, 60))
def test_E48_a_short_text_is_one_segment_and_its_link_is_whole(view, title, service, path):
    url = "https://alerts.souk.example/" + "a" * path + "/1234567890abcdef1234.ABCDEFGHIJKLMNOPQRST"
    text = short_sms(view(title=title, service=service, ack_url=url), reason=Notify.FIRST).text
    assert segments(text) == ("GSM-7", 1)
    assert text.endswith("\n" + url)


@pytest.mark.parametrize(
    ("title", "starts"),
    [
        ("Checkout fails", "CRITICAL: Checkout fails"),
        ("Checkout \u2018fails\u2019 \u2013 again", "CRITICAL: Checkout 'fails' - again"),
        ("فشل الدفع", "CRITICAL: app"),
    ],
)
def test_E50_typographic_characters_and_arabic_do_not_turn_it_into_ucs_2(view, title, starts):
    assert short_sms(view(title=title), reason=Notify.FIRST).text.startswith(starts + "\n")


def test_a_short_recovery_has_no_link(view):
    assert short_sms(view(title="Checkout fails"), reason=Notify.RESOLVED).text == "Resolved: Checkout fails"
