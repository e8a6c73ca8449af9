"""The deployed site's own scripts and style sheets, each fetched and measured."""

import json
from collections.abc import Iterator
from urllib.parse import urljoin

from shared.domain.bundles import Asset
from shared.domain.page_assets import MANIFESTS, assets_in, assets_of, is_first_party, lasting_names
from shared.errors import SiteError
from shared.ports.audits import Fetched, SiteReader

OK = 200
MOST_ASSETS = 200  # a build with more of them is looked at as far as that
PAGE = "text/html"


def measured_assets(site: SiteReader, address: str) -> tuple[Asset, ...]:
    """Every asset that the page or its build's manifest names. Raises SiteError when the page cannot be read."""
    page = site.fetch(address)
    if page.status != OK:
        raise SiteError(f"{address} answers {page.status}")
    named = assets_of(page.body.decode("utf-8", "replace"), page.url)
    found = dict.fromkeys([*named, *_of_manifest(site, page.url)])
    own = [one for one in found if is_first_party(one, page.url)][:MOST_ASSETS]
    names = lasting_names(own)
    return tuple(_measured(site, one, names[one]) for one in own)


def _of_manifest(site: SiteReader, page: str) -> Iterator[str]:
    """What the first manifest that is one names; hosts that answer every address with the page have none."""
    for name in MANIFESTS:
        root = urljoin(page, "/")
        try:
            answer = site.fetch(urljoin(root, name))
            named = assets_in(json.loads(answer.body), root) if answer.status == OK else ()
        except (SiteError, ValueError):  # a manifest is a help, not a duty
            continue
        if named:
            yield from named
            return


def _measured(site: SiteReader, address: str, name: str) -> Asset:
    try:
        return _judged(site.fetch(address), name)
    except SiteError as error:
        return Asset(name, fault=str(error))


def _judged(answer: Fetched, name: str) -> Asset:
    if answer.status != OK:
        return Asset(name, fault=f"it answers {answer.status}")
    if answer.content_type == PAGE:
        return Asset(name, fault="a page comes in its place")
    return Asset(name, answer.transferred, len(answer.body))
