"""Headers of real servers: as they came, after redirects or not, and what ALPN agrees on."""

import pytest

from shared.adapters.http_answers import HttpAnswers
from shared.domain.security_headers import judged
from shared.errors import SiteError
from tests.integration.jobs.tls_servers import HOST, serving, signer


def test_headers_come_as_they_were_sent_each_cookie_on_its_own(tmp_path):
    sent = [("Content-Type", "text/html"), ("Set-Cookie", "a=1; Secure"), ("Set-Cookie", "b=2; Expires=Mon, 1 Jan")]
    with serving(tmp_path, headers=sent) as port:
        answer = HttpAnswers().ask(f"http://{HOST}:{port}/")
    assert (answer.status, answer.kind, answer.protocol) == (200, "text/html", "")
    assert answer.all("set-cookie") == ["a=1; Secure", "b=2; Expires=Mon, 1 Jan"]
    assert "souk/Strict-Transport-Security" in {one.subject for one in judged("souk", answer)}


def test_a_redirect_is_followed_or_shown(tmp_path):
    with serving(tmp_path) as port:
        end = f"http://{HOST}:{port}/end"
        with serving(tmp_path, status=301, headers=[("Location", end)]) as begin:
            url = f"http://{HOST}:{begin}/"
            followed, shown = HttpAnswers().ask(url), HttpAnswers().ask(url, follow=False)
    assert (followed.url, followed.status) == (end, 200)
    assert (shown.status, shown.get("Location")) == (301, end)


@pytest.mark.parametrize(
    ("alpn", "agreed"), [(("h2", "http/1.1"), "h2"), (("http/1.1",), "http/1.1"), ((), "http/1.1")]
)
def test_the_protocol_is_what_alpn_agrees_on(tmp_path, alpn, agreed):
    root = signer("Root", is_authority=True)
    trusted = tmp_path / "root.pem"
    trusted.write_bytes(root.pem)
    with serving(tmp_path, signer("site", by=root, host=HOST), alpn=alpn) as port:
        assert HttpAnswers(trusted=str(trusted)).ask(f"https://{HOST}:{port}/").protocol == agreed


def test_what_is_no_address_and_a_closed_door_and_a_stranger_raise(tmp_path):
    for url in ("ftp://souk.example/", "http://127.0.0.1:9/"):
        with pytest.raises(SiteError):
            HttpAnswers().ask(url)
    with serving(tmp_path, signer("site", host=HOST)) as port, pytest.raises(SiteError, match="SSLError"):
        HttpAnswers().ask(f"https://{HOST}:{port}/")
