"""The base score of a CVSS v3 vector, by the equations of FIRST's specification 3.1 (section 7.1 and appendix A)."""

from collections.abc import Mapping

_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
# The privileges that are needed weigh less where the attack reaches beyond what it attacks (S:C).
_PRIVILEGES = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}
_STEP = 10_000  # a tenth, in the hundred-thousandths that the specification rounds in


def base_score(vector: str) -> float | None:
    """0.0 to 10.0; None for a vector that is not a complete one of version 3.0 or 3.1."""
    head, *parts = vector.strip().split("/")
    metrics = dict(part.split(":", 1) for part in parts if ":" in part)
    if head not in {"CVSS:3.0", "CVSS:3.1"}:
        return None
    try:
        scope = metrics["S"]
        privileges = _PRIVILEGES[scope][metrics["PR"]]
        weigh = {name: weights[metrics[name]] for name, weights in _WEIGHTS.items()}
    except KeyError:
        return None
    lost = 1 - (1 - weigh["C"]) * (1 - weigh["I"]) * (1 - weigh["A"])
    impact = 6.42 * lost if scope == "U" else 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15
    if impact <= 0:
        return 0.0
    reach = 8.22 * weigh["AV"] * weigh["AC"] * privileges * weigh["UI"]
    return _rounded_up(min((impact + reach) * (1.0 if scope == "U" else 1.08), 10.0))


def _rounded_up(score: float) -> float:
    """The smallest tenth that is not below, as the specification's Roundup avoids floating-point surprises."""
    whole = round(score * 100_000)
    return whole / 100_000 if whole % _STEP == 0 else (whole // _STEP + 1) / 10
