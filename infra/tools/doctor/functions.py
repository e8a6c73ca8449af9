"""The functions: deployed, active, and with the secrets that they read."""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.tools.doctor.google import last
from infra.tools.doctor.outcomes import Outcome, failed, fine, listed, warned
from infra.tools.doctor.site import SECRETS, Site

FUNCTIONS = "https://cloudfunctions.googleapis.com/v2"
SERVICES = "https://run.googleapis.com/v2"
PAGES = "serve_dashboard"


def functions(site: Site) -> Outcome:
    """Every function of the tree is deployed, active, and reads the versions of its secrets that it should."""
    address = f"{FUNCTIONS}/{site.place}/functions"
    there = {last(one["name"]): one for one in site.google.every(address, "functions", pageSize="200")}
    faults = [
        f"{name} {fault}"
        for name in site.estate.manifests
        for fault in _of_function(site, name, there.get(site.estate.slug(name)))
    ]
    if faults:
        return failed(listed(faults), "deploy again; the build's log says why one failed")
    return fine(f"all {len(site.estate.manifests)} are active")


def secrets(site: Site) -> Outcome:
    """The version that functions read is there and enabled; its value is not asked for."""
    faults = []
    for name, version in site.estate.secrets.items():
        address = f"{SECRETS}/projects/{site.estate.project}/secrets/{name}/versions/{version}"
        found = site.google.find(address)
        state = "missing" if found is None else str(found.get("state"))
        if state != "ENABLED":
            faults.append(f"{name} version {version} is {state.lower()}")
    if faults:
        return failed(listed(faults), "gcloud secrets versions add NAME --data-file=-, or set secret_versions")
    return fine(f"all {len(site.estate.secrets)} are enabled")


def pages(site: Site) -> Outcome:
    """Somebody can sign in to the incidents' pages; where the proxy stands on the service itself, it is on."""
    chosen = site.estate.variables.get("sign_in") or {}
    mode, slug = chosen.get("mode", ""), site.estate.slug(PAGES)
    if not mode:
        return warned("nobody can sign in to the incidents' pages", 'put sign_in = { mode = "iap" } into the tfvars')
    if mode == "iap" and not chosen.get("iap_audience"):
        found = site.google.find(f"{SERVICES}/{site.place}/services/{slug}") or {}
        if not found.get("iapEnabled"):
            fix = f"gcloud run services update {slug} --region {site.estate.region} --iap"
            return failed(f"Identity-Aware Proxy is off on {slug}, which refuses everybody", fix)
    return fine(f"people sign in by {mode}")


def _of_function(site: Site, name: str, found: Mapping[str, Any] | None) -> Iterator[str]:
    if found is None:
        yield "is not deployed"
        return
    if found.get("state") != "ACTIVE":
        told = "; ".join(str(one.get("message", "")) for one in found.get("stateMessages", []))
        yield f"is {found.get('state')}" + (f" ({told})" if told else "")
    config = found.get("serviceConfig") or {}
    read = {one["key"]: str(one["version"]) for one in config.get("secretEnvironmentVariables", [])}
    for secret in site.estate.manifests[name]["secrets"]:
        if read.get(secret) != site.estate.secrets[secret]:
            yield f"reads version {read.get(secret, '-')} of {secret}, not {site.estate.secrets[secret]}"
