"""What incidents cost together: nothing is counted twice, and "not known" is not nothing."""

from datetime import timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.impact_statements import Estimate, Figure, Statement, Unknown, unknown_all
from shared.domain.losses import Losses, losses, most_apart, value_of
from tests.conftest import NIGHT

MINUTE = timedelta(minutes=1)


def statement(first, last, **values):
    """Of those minutes; figures that are not named are unknown."""
    made = tuple(
        Estimate(figure, values.get(figure), unknown=None if figure in values else Unknown.LATE) for figure in Figure
    )
    return Statement(f"INC-{first}", NIGHT, NIGHT + first * MINUTE, NIGHT + last * MINUTE, made)


def test_losses_apart_add_up_and_those_of_the_same_minutes_are_one_loss():
    apart = [statement(0, 10, orders=3.0, revenue=900.0), statement(10, 20, orders=4.0, revenue=1_000.0)]
    assert losses(apart) == Losses(7.0, 1_900.0, "EGP")
    beside = statement(5, 15, orders=5.0, revenue=1_200.0)
    assert losses([*apart, beside]).orders == 7.0
    assert losses([apart[0], beside]).orders == 5.0


def test_what_no_statement_knows_is_unknown_and_counted():
    known, unknown = statement(0, 10, orders=0.0), statement(20, 30, users=12.0)
    assert losses([known, unknown]) == Losses(0.0, None, "EGP", 1)
    assert losses([]) == Losses(None, None, "", 0)


def test_a_statement_that_knows_nothing_or_is_not_there_has_no_value():
    nothing = Statement("INC", NIGHT, NIGHT, NIGHT, unknown_all(Unknown.OURS))
    assert value_of(nothing, Figure.ORDERS) is None
    assert value_of(None, Figure.ORDERS) is None


SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 8), st.integers(0, 9)).map(lambda t: (t[0], t[0] + t[1], t[2])),
    max_size=7,
)


@given(SPANS)
def test_it_is_the_most_of_all_choices_that_do_not_overlap(spans):
    def fits(chosen):
        return all(one[1] <= other[0] or other[1] <= one[0] for one, other in combinations(chosen, 2))

    choices = [chosen for size in range(len(spans) + 1) for chosen in combinations(spans, size)]
    best = max(sum(one[2] for one in chosen) for chosen in choices if fits(chosen))
    made = [(NIGHT + first * MINUTE, NIGHT + last * MINUTE, float(value)) for first, last, value in spans]
    assert most_apart(made) == best
