"""Two sets of rules over the same past: what changes for the people who are paged, and for what is seen."""

from collections.abc import Callable, Mapping, Sequence

from shared.domain.configuration import Configuration
from shared.domain.paging import Difference, Outcome, Recorded, RuleDifference
from shared.domain.rules import MetricRule
from shared.usecases.backtest import Span, backtest
from shared.usecases.backtest_reading import Readings

Spelled = Callable[[MetricRule], Mapping[str, object]]


def difference(
    old: Sequence[MetricRule],
    new: Sequence[MetricRule],
    readings: Readings,
    *,
    config: Configuration,
    span: Span,
    recorded: Sequence[Recorded] = (),
    spelled: Spelled,
    processes: int = 1,
) -> Difference:
    """Replay both. `spelled` gives a rule's normal form. Rules of an unknown metric are compared by their form only."""
    before, after = (
        {
            one.rule.name: one
            for one in backtest(rules, readings, config=config, span=span, recorded=recorded, processes=processes)
        }
        for rules in (old, new)
    )
    olds, news = ({rule.name: rule for rule in rules} for rules in (old, new))
    seen_before, seen_after = _seen(before), _seen(after)
    return Difference(
        span.since,
        span.until,
        tuple(
            RuleDifference(
                name, _fields(olds.get(name), news.get(name), spelled), before.get(name), after.get(name),
                is_new=name not in olds, is_removed=name not in news,
            )
            for name in dict.fromkeys([*olds, *news])
        ),
        now_missed=tuple(one for one in recorded if one in seen_before and one not in seen_after),
        newly_seen=tuple(one for one in recorded if one in seen_after and one not in seen_before),
    )  # fmt: skip


def _seen(outcomes: Mapping[str, Outcome]) -> set[Recorded]:
    return {one for outcome in outcomes.values() for one, _ in outcome.score.seen}


def _fields(old: MetricRule | None, new: MetricRule | None, spelled: Spelled) -> tuple[tuple[str, object, object], ...]:
    """What differs in the normal form; nothing for rules that are new or gone."""
    if old is None or new is None:
        return ()
    before, after = spelled(old), spelled(new)
    names = dict.fromkeys([*before, *after])
    return tuple((n, before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n))
