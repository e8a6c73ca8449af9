"""The address that `soukmon up` prints opens the incidents' pages, and nothing else of this machine does."""

import json
import re
import stat

import requests

from infra.local.platform import Platform
from infra.local.up import where_to_look
from tests.conftest import configuration


def test_the_printed_address_signs_in_and_its_token_is_only_its_owner_s_to_read(tmp_path, clock):
    platform = Platform(tmp_path / "state", clock=clock, configuration=configuration())
    try:
        said = where_to_look(platform)
        (address,) = re.findall(r"http://\S+/sign-in\?token=\S+", said)
        browser = requests.Session()
        assert requests.get(f"{platform.url}/incidents", timeout=30).status_code == 401
        assert browser.get(address, timeout=30).url == f"{platform.url}/incidents"
        assert "Mona Adel" in browser.get(f"{platform.url}/incidents", timeout=30).text
        kept = tmp_path / "state" / "secrets.json"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert address.endswith(json.loads(kept.read_text())["sign_in_token"])
        assert requests.get(f"{platform.url}/api/incidents", timeout=30).json() == []
    finally:
        platform.close()


def test_another_folder_has_another_token(tmp_path):
    tokens = set()
    for name in ("one", "two"):
        platform = Platform(tmp_path / name, configuration=configuration())
        tokens.add(platform.settings.sign_in_token)
        platform.close()
    assert (len(tokens), min(map(len, tokens)) >= 43) == (2, True)
