"""One bug has one template, whatever differs between its occurrences; two bugs have two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local import samples
from shared.inbound.envelopes import Envelope
from shared.inbound.log_entries import parse
from shared.inbound.templates import MAX_TEMPLATE, template
from tests.conftest import NIGHT


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("order 17 failed for 0xdeadbeef", "order 1812 failed for 0xcafe"),
        ("timeout after 1.2s", "timeout after 850 ms"),
        ("listing aB3dE5fG7hI9kL1mN3pQ gone", "listing Zz9yX8wV7uT6sR5qP4oN gone"),
        ("offer 6f1c2d3e-1111-4222-8333-abcdefabcdef", "offer aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"),
        ("user mona@souk.example not found", "user ali.k@mail.example not found"),
        ("connect 10.0.0.1:5432 refused", "connect 192.168.100.7:5433 refused"),
        ("connect ::1 refused", "connect fe80::1ff:fe23:4567:890a refused"),
        ("GET https://pay.example/v1/charge/981?x=1 failed", "GET https://pay.example/v1/charge/k2?y=7#z failed"),
        ("no results for 'Toyota Corolla'", "no results for 'Kia'"),
        ('no results for "سيارة"', 'no results for "car"'),
        ("city=cairo plan=pro refused", "city=giza plan=free refused"),
        ("ids [1, 2, 3] missing", "ids [4] missing"),
        ("2026-03-10T00:10:00.123Z broke", "2026-04-01T23:59:59Z broke"),
        ("since Tue, 10 Mar 2026 02:10:00", "since Wed, 1 Apr 2026 22:10:59"),
        ("فشل الطلب رقم ١٢٣", "فشل الطلب رقم ٩٨٧٦"),
        ("moved  up\tby 3", "moved up by 77"),
        ('{"code": "E12", "shop": "cairo"}', '{"code": "E7", "shop": "giza"}'),
    ],
)
def test_occurrences_of_one_bug_share_their_template(one, another):
    assert template(one) == template(another)


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("cannot read properties of undefined (reading 'price')", "cannot read properties of undefined (reading 'seller')"),
        ("KeyError: 'price'", "KeyError: 'seller'"),
        ("No module named 'orders'", "No module named 'payments'"),
        ('relation "orders" does not exist', 'relation "offers" does not exist'),
        ('{"code": "E12"}', '{"shop": "E12"}'),
        ("payment refused", "payment lost"),
        ("GET https://pay.example/x failed", "GET https://maps.example/x failed"),
        ("can't open, it's locked", "can't close, it's locked"),
    ],
)  # fmt: skip
def test_two_bugs_do_not(one, another):
    assert template(one) != template(another)


def test_hundreds_of_occurrences_without_an_error_group_are_one_fingerprint():
    def error(number):
        entry = {
            "severity": "ERROR",
            "resource": {"type": "cloud_run_revision", "labels": {"service_name": "orders-api"}},
            "jsonPayload": {"message": f"offer 'Model {number}' of m{number}@souk.example took {number}.{number} ms"},
        }
        return parse(Envelope("e", "s", "t", NIGHT, entry), now=NIGHT, own_services="soukmon-")

    assert len({error(number).fingerprint for number in range(300)}) == 1


def test_a_web_error_without_group_or_frame_is_known_by_its_template_and_names_no_issue():
    def error(message, groups=()):
        payload = {"exception.type": "RangeError", "exception.message": message}
        resource = {"type": "firebasetelemetry.googleapis.com/App", "labels": {"app_id": samples.WEB}}
        entry = {"severity": "ERROR", "resource": resource, "jsonPayload": payload, "errorGroups": [*groups]}
        return parse(Envelope("e", "s", "t", NIGHT, entry), now=NIGHT, own_services="soukmon-")

    assert error("price of 'Kia' is -5").fingerprint == error("price of 'Fiat 128' is -77").fingerprint
    assert "issue_id" not in error("x").labels
    assert error("x", [{"id": "g9"}]).labels["issue_id"] == "g9"


@given(st.text(max_size=400))
def test_a_template_is_bounded_and_its_own_template(message):
    found = template(message)
    assert len(found) <= MAX_TEMPLATE
    assert template(message) == found
