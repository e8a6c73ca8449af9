"""No secret stands in the tree, and one that did would be found."""

import subprocess

import pytest

from infra.tools.secret_scan import ALLOWED, SHAPES, leaks, scan, tracked
from infra.tools.sources import ROOT

# In two halves, so that this file itself holds none.
HEX, WORD = "0123456789abcdef" * 2, "aB3dEfGh1jKlMn0pQrStUvWx"
SEEDED = {
    "Slack token": [f"xoxb-{'1' * 12}-{'2' * 12}-{WORD}", f"xapp-1-A0123456789-{'3' * 13}-{HEX}"],
    "Slack webhook": [f"https://hooks.slack.com/services/T{'0' * 9}/B{'0' * 9}/{WORD}"],
    "Twilio account, key or token": [f"AC{HEX}", f"SK{HEX}"],
    "Twilio or Slack secret in hexadecimal": [f"TWILIO_AUTH_TOKEN={HEX}", f'"signing_secret": "{HEX}"'],
    "Google API key": [f"AIza{'Sy' * 17}x"],
    "Google OAuth secret or token": [f"GOCSPX-{WORD}", f"ya29.{WORD}", f"1//0{WORD}{WORD}"],
    "private key": [f"-----BEGIN {kind}PRIVATE KEY-----\n{WORD}" for kind in ("", "RSA ", "EC ")]
    + [f'"private_key": "-----BEGIN PRIVATE {"KEY"}-----\\n{WORD}'],
    "AWS key": [f"AKIA{'A1' * 8}"],
    "GitHub token": [f"ghp_{'a1' * 18}", f"github_pat_{'a1' * 26}"],
    "PyPI token": [f"pypi-AgEI{WORD * 3}"],
    "SendGrid key": [f"SG.{WORD}.{WORD}"],
    "signed JSON web token": [f"eyJ{WORD}.eyJ{WORD}.{WORD}"],
    "password in an address": [f"smtp://user:{WORD}@mail.souk.example:587"],
}


def test_no_secret_stands_in_the_tree():
    assert len(tracked()) > 500
    assert [(leak.file, leak.line, leak.shape) for leak in scan(tracked())] == []


@pytest.mark.parametrize(("shape", "secret"), [(shape, one) for shape, every in SEEDED.items() for one in every])
def test_a_seeded_secret_is_found_where_it_stands(shape, secret):
    (leak,) = [one for one in leaks("shared/settings.py", f"# a file\n\nkey = {secret!s}\n") if one.shape == shape]
    assert (leak.file, leak.line) == ("shared/settings.py", 3)


def test_every_shape_is_seeded_and_every_sample_that_is_allowed_still_stands_in_its_file():
    assert SEEDED.keys() == SHAPES.keys()
    for file, samples in ALLOWED.items():
        text = (ROOT / file).read_text(encoding="utf-8")
        assert {sample for sample in samples if sample not in text} == set()


def test_a_sample_is_allowed_in_its_file_alone_and_hides_nothing_beside_it():
    file, samples = next(iter(ALLOWED.items()))
    sample = f"{samples[0]}{WORD}"
    assert list(leaks(file, sample)) == []
    assert len(list(leaks("README.md", sample))) == 1
    assert len(list(leaks(file, f"{sample} AKIA{'A1' * 8}"))) == 1


def test_a_file_that_is_not_committed_yet_is_scanned_and_one_that_is_ignored_is_not(tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("secrets.json\n")
    for name in ("new.py", "secrets.json"):
        (tmp_path / name).write_text(f"AKIA{'A1' * 8}\n")
    assert [leak.file for leak in scan(tracked(tmp_path), tmp_path)] == ["new.py"]
