"""The bills side by side, with what they rest on."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from infra.tools.cost.bill import TELEPHONE, Bill
from infra.tools.cost.lists import Assumptions, PriceList
from infra.tools.cost.measuring import Measured

NOT_COUNTED = (
    "Not counted: builds and images of deployments, objects in Cloud Storage, traffic out of the region, Cloud "
    "Monitoring's policies and uptime checks, the exports' own storage. Slack, e-mail and push cost nothing here."
)
STEPS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def table(bills: Sequence[Bill], prices: PriceList) -> Iterator[str]:
    """One line for everything that is paid for, a column for each volume: dollars, and how much of it."""
    yield _row("a month, in " + prices.currency, (f"{short(bill.month.events)} events a day" for bill in bills))
    for number, line in enumerate(bills[0].lines):
        mark = " *" if line.estimate else ""
        cells = (f"{bill.lines[number].usd:9.2f}  ({short(bill.lines[number].quantity)})" for bill in bills)
        yield _row(f"{line.name}, {line.unit}{mark}", cells)
    yield _row("together", (f"{bill.total:9.2f}" for bill in bills))


def basis(bills: Sequence[Bill], prices: PriceList, assumed: Assumptions, seen: Measured) -> Iterator[str]:
    """What the table rests on."""
    yield f"Prices of {prices.as_of} for {prices.region} (cost/prices.yaml); * an estimate: set it from your bill."
    yield (
        f"Of a day's events {assumed.pushed_share:.0%} are trouble and reach a function; {assumed.incident_share:.0%} "
        f"of those open an incident, {assumed.most_incidents_a_day:g} a day at most (cost/assumptions.yaml)."
    )
    usages = (("an event", seen.event), ("an incident", seen.incident), ("a quiet minute", seen.minute))
    counted = [f"{name} {usage.reads:.0f}/{usage.writes:.1f}/{usage.deletes:.1f}" for name, usage in usages]
    yield f"Counted in an embedded run, Firestore's reads/writes/deletes of {', '.join(counted)}."
    texts = [f"{short(bill.month.segments)} segments, {short(bill.month.voice_calls)} calls" for bill in bills]
    yield f"Texts and calls ({TELEPHONE}) end at the budget of channels.yaml; without one: {'; '.join(texts)}."
    yield NOT_COUNTED


def as_json(bills: Sequence[Bill], prices: PriceList, assumed: Assumptions) -> str:
    """One object: the bills with every quantity and every function's calls, and the assumptions."""
    told = [
        {
            "events_a_day": bill.month.events,
            "total": round(bill.total, 2),
            "lines": [asdict(line) for line in bill.lines],
            "calls": bill.month.calls,
        }
        for bill in bills
    ]
    assumptions = {name: getattr(assumed, name) for name in assumed.__struct_fields__}
    document = {"currency": prices.currency, "as_of": str(prices.as_of), "bills": told, "assumptions": assumptions}
    return json.dumps(document, ensure_ascii=False, indent=2)


def short(number: float) -> str:
    """1234567 -> 1.2M."""
    for size, word in STEPS:
        if number >= size:
            return f"{number / size:.3g}{word}"
    return f"{number:.3g}"


def _row(name: str, cells: Iterable[str]) -> str:
    return f"{name:<44}" + "".join(f"{cell:>22}" for cell in cells)
