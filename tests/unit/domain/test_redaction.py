"""Nothing personal and nothing secret gets through."""

import pytest

from shared.domain.redaction import redact


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("call +20 100 123 4567 now", "123 4567"),
        ("call 01001234567 now", "01001234567"),
        ("اتصل ٠١٠٠١٢٣٤٥٦٧ الآن", "٠١٠٠١٢٣٤٥٦٧"),
        ("id 29801011234567 refused", "29801011234567"),
        ("mail ahmed.samir@gmail.com bounced", "ahmed.samir"),
        ("token xoxb-123456789012-abcdef leaked", "abcdef"),
        ("Authorization: Bearer abc123.def456", "abc123"),
        ("password=hunter22x", "hunter22x"),
        ("eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJ", "eyJzdWIi"),
    ],
)
def test_E89_tokens_phones_addresses_and_national_ids_are_masked(text, hidden):
    assert hidden in text
    assert hidden not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "order 1234567 failed 12 times",
        "robot@souk-demo.iam.gserviceaccount.com denied",
        "at CheckoutViewModel.kt:88 (2.4.1)",
        "https://console.firebase.google.com/project/souk",
        "2026-03-10T00:10:00.123456Z",
        "token expired for user",
        "فشل الدفع",
    ],
)
def test_ordinary_texts_stay_as_they_are(text):
    assert redact(text) == text


def test_a_personal_address_keeps_what_an_investigation_needs():
    assert redact("denied for ahmed@souk.example") == "denied for a***@souk.example"
