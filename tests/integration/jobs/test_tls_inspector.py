"""TLS of real servers on real sockets: each way in which a certificate is refused is a finding of its own."""

import ssl
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from shared.adapters.tls_inspector import SocketTls
from shared.domain.jobs import Verdict
from shared.domain.tls import judged
from shared.errors import SiteError
from tests.integration.jobs.tls_servers import HOST, serving, signer


def long_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def root():
    return signer("Root of the Souk", is_authority=True, days=3000)


@pytest.fixture(scope="module")
def between(root):
    return signer("Intermediate of the Souk", by=root, is_authority=True, days=2000)


@pytest.fixture
def found(tmp_path, root):
    """Looks at a server with the chain and judges it; the root is trusted."""
    trusted = tmp_path / "root.pem"
    trusted.write_bytes(root.pem)

    def look(*chain, **how):
        with serving(tmp_path, *chain, **how) as port:
            shown = SocketTls(trusted=str(trusted)).look(HOST, port)
        return {one.subject: one for one in judged("souk", shown, datetime.now(UTC))}

    return look


def test_a_whole_chain_of_an_authority_that_is_trusted_is_well(found, between):
    assert found(signer("site", by=between, host=HOST), between) == {}


def test_E86_a_certificate_that_is_over_is_expired_and_visitors_are_turned_away(found, between):
    only = found(signer("site", by=between, host=HOST, days=-3), between)
    assert list(only) == ["souk/expired"]
    assert (only["souk/expired"].verdict, only["souk/expired"].alert) == (Verdict.FAIL, "certificate_refused")
    assert "renew it" in only["souk/expired"].fix


def test_an_authority_in_the_chain_that_is_over_is_expired_too(found, root):
    over = signer("Old intermediate", by=root, is_authority=True, days=-3)
    only = found(signer("site", by=over, host=HOST), over)
    assert "of an authority in its chain" in only["souk/expired"].what


def test_E86_a_certificate_of_another_host_is_the_wrong_host(found, between):
    assert list(found(signer("site", by=between, host="other.example"), between)) == ["souk/wrong_host"]


def test_a_certificate_that_is_over_and_of_another_host_is_both(found, between):
    both = found(signer("site", by=between, host="other.example", days=-3), between)
    assert set(both) == {"souk/expired", "souk/wrong_host"}


def test_E86_a_certificate_that_signs_itself_is_vouched_for_by_nobody(found):
    assert list(found(signer("site", host=HOST))) == ["souk/self_signed"]


def test_a_chain_that_lacks_its_intermediate_is_incomplete_and_names_it(found, between):
    only = found(signer("site", by=between, host=HOST))
    assert list(only) == ["souk/incomplete_chain"]
    assert "CN=Intermediate of the Souk" in only["souk/incomplete_chain"].what
    assert "fullchain.pem" in only["souk/incomplete_chain"].fix


@pytest.mark.parametrize("sends_root", [True, False])
def test_a_chain_of_an_authority_that_nobody_knows_is_untrusted(found, sends_root):
    stranger = signer("Stranger", is_authority=True)
    below = signer("Below the stranger", by=stranger, is_authority=True)
    chain = [signer("site", by=below, host=HOST), below, *([stranger] if sends_root else [])]
    assert list(found(*chain)) == ["souk/untrusted"]


def test_a_key_that_is_too_short_is_weak_whatever_else_is_well(found, between):
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    only = found(signer("site", by=between, host=HOST, key=short), between)
    assert list(only) == ["souk/weak_key"]
    assert "1024 bits (RSA)" in only["souk/weak_key"].what


@pytest.mark.parametrize("hashed", ["sha1", "md5"])
def test_a_signature_over_a_broken_hash_is_weak(found, root, hashed):
    authority = signer("RSA authority", by=root, is_authority=True, key=long_key())
    only = found(signer("site", by=authority, host=HOST, hashed=hashed), authority)
    assert list(only) == ["souk/weak_signature"]
    assert f"over {hashed.upper()} on its certificate" in only["souk/weak_signature"].what


def test_an_intermediate_that_is_signed_over_sha1_is_weak_and_named(found):
    stranger = signer("RSA root", is_authority=True, key=long_key())
    weak = signer("Old authority", by=stranger, is_authority=True, hashed="sha1")
    most = found(signer("site", by=weak, host=HOST), weak)
    assert "CN=Old authority" in most["souk/weak_signature"].what


def test_a_certificate_with_few_days_left_is_a_warning(found, between):
    only = found(signer("site", by=between, host=HOST, days=9), between)
    assert [(one.verdict, one.what) for one in only.values()] == [
        (Verdict.WARN, "souk shows a certificate that ends in 9 days")
    ]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_a_server_that_still_accepts_an_old_version_is_a_warning(found, between):
    only = found(signer("site", by=between, host=HOST), between, oldest=ssl.TLSVersion.TLSv1)
    assert [(one.subject, one.verdict) for one in only.values()] == [("souk/old_tls", Verdict.WARN)]
    assert "TLSv1.1" in only["souk/old_tls"].what


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_a_server_that_knows_only_an_old_version_refuses_clients_of_today(found, between):
    all_of_it = found(
        signer("site", by=between, host=HOST), between,
        oldest=ssl.TLSVersion.TLSv1, newest=ssl.TLSVersion.TLSv1_1,
    )  # fmt: skip
    assert {"souk/refused", "souk/old_tls"} == set(all_of_it)


def test_a_server_that_speaks_no_tls_and_a_closed_door_raise(tmp_path):
    with serving(tmp_path) as port, pytest.raises(SiteError, match="gives no TLS"):
        SocketTls().look(HOST, port)
    with pytest.raises(SiteError, match="gives no TLS"):
        SocketTls().look("nowhere.invalid", 443)
