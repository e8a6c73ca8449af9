"""Who has access to the project and what is public, held against what is declared."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from shared.domain.jobs import Finding, Verdict
from shared.domain.security_plan import AccessPlan

PUBLIC = frozenset({"allUsers", "allAuthenticatedUsers"})
PUBLIC_ALERT, REVIEW_ALERT = "public_access", "access_review"
# Whoever has one of these can take everything else, or hand it out.
_POWERFUL = re.compile(
    r"^roles/(owner|editor|iam\.serviceAccountTokenCreator|iam\.serviceAccountUser|iam\.workloadIdentityUser)$|[aA]dmin$"
)
# Google's own agents, in the roles that Google gives them.
_AGENT = re.compile(r"^serviceAccount:([^@]+)@([a-z0-9-]+\.)*(gserviceaccount\.com)$")
_AGENT_ROLE = re.compile(r"[sS]erviceAgent$")
# Roles of our functions that are given on one bucket, dataset or function, and never on the whole project.
_CONFINED = ("roles/storage.", "roles/bigquery.data", "roles/run.")
_DEFAULT_ACCOUNT = re.compile(r"^$|-compute@developer\.gserviceaccount\.com$|@appspot\.gserviceaccount\.com$")


@dataclass(frozen=True, slots=True)
class Binding:
    """A role that a member has on the project."""

    role: str
    member: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket: the roles that everybody has in it, and whether Google refuses everybody whatever the roles say."""

    name: str
    public_roles: tuple[str, ...] = ()
    is_prevented: bool = False
    is_uniform: bool = True


@dataclass(frozen=True, slots=True)
class Service:
    """A service of Cloud Run (a function is one), the account it runs as, and whether everybody may call it."""

    name: str
    region: str
    account: str
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a service account that somebody made and keeps."""

    account: str
    id: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class OwnAccess:
    """What our functions may do, as their manifests say: function -> roles, and the services that are public."""

    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    public: tuple[str, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)  # "custom/review" -> the role's id in the project


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is declared, for one project."""

    project: str
    plan: AccessPlan
    own: OwnAccess = OwnAccess()

    def allows(self, binding: Binding) -> bool:
        """True for a role that security.yaml or a function's manifest declares."""
        declared = [roles for member, roles in self.plan.members.items() if self._is(binding.member, member)]
        return any(self._is(binding.role, role) for roles in (*declared, self._of_function(binding)) for role in roles)

    def is_public(self, name: str, declared: Iterable[str]) -> bool:
        """True when one of the declared names means it."""
        return any(self._is(name, one) for one in declared)

    def _is(self, name: str, pattern: str) -> bool:
        return fnmatchcase(name, pattern.replace("{project}", self.project))

    def _of_function(self, binding: Binding) -> tuple[str, ...]:
        for function, roles in self.own.roles.items():
            if (
                binding.member
                == f"serviceAccount:fn-{function.replace('_', '-')}@{self.project}.iam.gserviceaccount.com"
            ):
                return tuple(self._named(role) for role in roles if not role.startswith(_CONFINED))
        return ()

    def _named(self, role: str) -> str:
        return f"projects/{self.project}/roles/{self.own.custom[role]}" if role in self.own.custom else role


def of_bindings(bindings: Iterable[Binding], baseline: Baseline) -> Iterator[Finding]:
    """A role on the project that nobody declared: everybody's, a powerful one, or another."""
    for one in bindings:
        subject, said = f"iam/{one.role}/{one.member}", f"{one.member} has {one.role} on the project"
        fix = "take it back, or declare it under access.members in security.yaml"
        if one.member in PUBLIC:
            yield Finding(
                subject, f"everybody ({one.member}) has {one.role} on the project", fix=fix, alert=PUBLIC_ALERT
            )
        elif baseline.allows(one) or _is_agent(one):
            continue
        elif one.member.startswith("deleted:"):
            yield Finding(subject, f"{said} and does not exist any more", Verdict.WARN, fix, REVIEW_ALERT)
        else:
            verdict = Verdict.FAIL if _POWERFUL.search(one.role) else Verdict.WARN
            yield Finding(subject, f"{said}, which nothing declares", verdict, fix, REVIEW_ALERT)


def of_buckets(buckets: Iterable[Bucket], baseline: Baseline) -> Iterator[Finding]:
    """A bucket that anybody reads and nobody declared, or in which single files may be made public."""
    for one in buckets:
        subject, declared = f"bucket/{one.name}", baseline.is_public(one.name, baseline.plan.public_buckets)
        fix = (
            f"gcloud storage buckets update gs://{one.name} --public-access-prevention, or declare it in security.yaml"
        )
        if one.public_roles and not one.is_prevented and not declared:
            what = f"the bucket {one.name} is public ({', '.join(one.public_roles)}), which nothing declares"
            yield Finding(subject, what, fix=fix, alert=PUBLIC_ALERT)
        elif not one.is_uniform and not one.is_prevented and not declared:
            what = f"files of the bucket {one.name} can be made public one by one (its access is not uniform)"
            yield Finding(subject, what, Verdict.WARN, fix, PUBLIC_ALERT)


def of_services(services: Iterable[Service], baseline: Baseline) -> Iterator[Finding]:
    """A service that everybody may call and nobody declared, or that runs as a default account."""
    for one in services:
        subject = f"service/{one.region}/{one.name}"
        if one.is_public and not baseline.is_public(one.name, (*baseline.plan.public_services, *baseline.own.public)):
            fix = "take roles/run.invoker from allUsers, or declare it under access.public_services in security.yaml"
            what = f"everybody may call the service {one.name} in {one.region}, which nothing declares"
            yield Finding(subject, what, fix=fix, alert=REVIEW_ALERT)
        if _DEFAULT_ACCOUNT.search(one.account):
            fix = "give it a service account of its own, with no more than it needs"
            what = f"the service {one.name} in {one.region} runs as a default service account"
            yield Finding(f"{subject}/account", what, Verdict.WARN, fix, REVIEW_ALERT)


def of_keys(keys: Iterable[Key], baseline: Baseline, now: datetime) -> Iterator[Finding]:
    """A key that is older than keys may be."""
    for one in keys:
        if now - one.made_at > baseline.plan.keys_for:
            fix = "replace it by workload identity or a new key, and delete it"
            what = f"a key of {one.account} is {(now - one.made_at).days} days old ({one.id[:8]})"
            yield Finding(f"key/{one.account}/{one.id}", what, Verdict.WARN, fix, REVIEW_ALERT)


def _is_agent(one: Binding) -> bool:
    return bool(_AGENT.match(one.member)) and bool(_AGENT_ROLE.search(one.role))
