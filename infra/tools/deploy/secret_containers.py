"""The containers of secrets, made before everything else: no function starts before its secrets have values."""

from collections.abc import Sequence

from infra.tools.deploy.changes import changes
from infra.tools.deploy.installation import Installation
from infra.tools.deploy.planning import values
from infra.tools.deploy.saved import refuse_deletions
from infra.tools.estate import manifests, secret_names

ADDRESS = "google_secret_manager_secret.secret"


def make(here: Installation) -> Sequence[str]:
    """Make those that are missing and nothing else; returns the names of all. Values never pass through here."""
    here.terraform.init()
    out = here.folder / "secrets.tfplan"
    here.terraform.plan(out, files=values(here, {}), only=[ADDRESS])
    refuse_deletions(changes(here.terraform.shown(out), ()).deletions, allowed=())
    here.terraform.apply(out)
    return names(here)


def names(here: Installation) -> Sequence[str]:
    """Every secret that a function.yaml names."""
    return secret_names(manifests(here.root))
