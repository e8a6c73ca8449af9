"""Security scan, steps "access" and "rules": who gets at what, against what is declared."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from shared.domain import access_review as review
from shared.domain.access_review import PUBLIC_ALERT, REVIEW_ALERT, Baseline
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.security_rules import remarks
from shared.errors import SourceError
from shared.ports.security import AccessReview, SecurityRules

GRANT = "give the account of audit_system the role custom/review (infra/bootstrap/review.tf)"
FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the review reaches. `hashes` are those that rules have to have, by what they are for."""

    access: AccessReview
    rules: SecurityRules
    baseline: Baseline
    hashes: Mapping[str, str]


def access(reviewed: Reviewed, run: Run) -> StepResult:
    """Roles on the project, buckets, services and keys; each is looked at though another cannot be."""
    source, baseline = reviewed.access, reviewed.baseline
    parts: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        ("roles", lambda: review.of_bindings(source.bindings(), baseline)),
        ("buckets", lambda: review.of_buckets(source.buckets(), baseline)),
        ("services", lambda: review.of_services(source.services(), baseline)),
        ("keys", lambda: review.of_keys(source.keys(), baseline, run.at)),
    )
    findings: list[Finding] = []
    blind: list[str] = []
    for name, look in parts:
        try:
            findings += look()
        except SourceError as error:
            blind.append(f"{name}: {_why(error)}")
    return partly(findings, blind, of=len(parts), reason="nobody has access beyond what is declared")


def rules(reviewed: Reviewed, run: Run) -> StepResult:
    """Every source in force: is it the one that is declared, and what is dangerous in it."""
    try:
        deployed = reviewed.rules.deployed()
    except SourceError as error:
        return StepResult("", Verdict.SKIPPED, _why(error))
    if not deployed and not reviewed.hashes:
        return StepResult("", Verdict.SKIPPED, "no security rules are deployed in this project, and none are declared")
    findings = [one for name, source in sorted(deployed.items()) for one in _of_rules(name, source, reviewed, run)]
    missing = sorted(set(reviewed.hashes) - set(deployed))
    fix = "deploy them, or take them out of rules in security.yaml"
    findings += [
        Finding(f"rules/{name}", f"the rules of {name} are not deployed", fix=fix, alert=REVIEW_ALERT)
        for name in missing
    ]
    return result_of(findings, reason="nothing dangerous", releases=len(deployed))


def partly(findings: Iterable[Finding], blind: list[str], *, of: int, reason: str) -> StepResult:
    """A result in which some parts could not be looked at: it takes back nothing that was told about them."""
    found = [
        *findings,
        *(Finding(f"blind/{one.partition(':')[0]}", f"not looked at: {one}", Verdict.WARN) for one in blind),
    ]
    if len(blind) == of:
        return StepResult("", Verdict.SKIPPED, "; ".join(blind))
    return replace(result_of(found, reason=reason), raised=bool(blind))


def _of_rules(name: str, source: str, reviewed: Reviewed, run: Run) -> Iterable[Finding]:
    digest, wanted = sha256(source.encode()).hexdigest(), reviewed.hashes.get(name)
    subject = f"rules/{name}"
    if wanted is not None and wanted != digest:
        fix = f"deploy the declared rules, or write {digest} in security.yaml once somebody has read these"
        yield Finding(subject, f"the rules of {name} are not the ones that are declared", fix=fix, alert=REVIEW_ALERT)
    for remark in remarks(source, run.at):
        alert = PUBLIC_ALERT if remark.is_open else REVIEW_ALERT
        what, fix = f"{name}:{remark.line}: {remark.what}", "https://firebase.google.com/docs/rules/insecure-rules"
        yield Finding(f"{subject}:{remark.line}", what, remark.verdict, fix, alert)


def _why(error: SourceError) -> str:
    return f"{error}; {GRANT}" if error.status == FORBIDDEN else str(error)
