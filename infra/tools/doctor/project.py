"""The project itself: it can be reached, and its APIs are enabled."""

from infra.tools.doctor.outcomes import Outcome, failed, fine, listed, warned
from infra.tools.doctor.site import Site
from infra.tools.estate import placeholders


def project(site: Site) -> Outcome:
    """The project is there, and what is written about it has no gaps."""
    number = site.number
    gaps = placeholders(site.estate)
    if gaps:
        file = f"infra/env/{site.estate.environment}.tfvars"
        return warned(f"{site.estate.project} ({number}); {file} still says REPLACE-ME", f"fill in {listed(gaps)}")
    return fine(f"{site.estate.project}, number {number}, {site.estate.environment}")


def apis(site: Site) -> Outcome:
    """Every API that Terraform enables is enabled."""
    address = f"https://serviceusage.googleapis.com/v1/projects/{site.estate.project}/services"
    enabled = {
        str(service["config"]["name"])
        for service in site.google.every(address, "services", filter="state:ENABLED", pageSize="200")
    }
    missing = sorted(set(site.estate.apis) - enabled)
    if missing:
        return failed(f"not enabled: {listed(missing)}", f"gcloud services enable {' '.join(missing)}")
    return fine(f"all {len(site.estate.apis)} are enabled")
