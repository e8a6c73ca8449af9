"""What was probably meant: by the name alone, whatever its kind and capitals."""

import pytest

from shared.config.suggesting import nearest, one_of


@pytest.mark.parametrize(
    ("wrong", "known", "meant"),
    [
        ("eror_rate", ["order_rate", "error_rate"], "error_rate"),
        ("Hana", ["hana", "karim"], "hana"),
        ("team:bord@email", ["team:breach", "team:board"], "team:board"),
        ("oncall:night", ["oncall:primary"], ""),
        ("zain", ["mona", "omar"], ""),
    ],
)
def test_the_nearest_name_is_found(wrong, known, meant):
    assert nearest(wrong, known) == meant


def test_the_nearest_comes_first_and_of_many_only_some_are_listed():
    many = [f"rule_{number}" for number in range(20)]
    said = one_of([*many, "uptime"], "uptme")
    assert said.startswith("did you mean uptime? write one of rule_0, rule_1, ")
    assert said.endswith("rule_11 and 9 more instead")


def test_where_nothing_is_defined_nothing_is_listed():
    assert one_of([], "any") == "leave it out: none is defined yet"
