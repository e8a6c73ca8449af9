"""The security scan from outside: each address once, and what cannot be looked at is neither well nor over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.answers import Answered
from shared.domain.job_alerts import told
from shared.domain.jobs import OpenAlert, Run, Verdict
from shared.domain.status import Probe, StatusPage
from shared.domain.tls import Certificate, Distrust, Shown
from shared.errors import SiteError
from shared.usecases.jobs.outside import Outside, outside_steps
from tests.conftest import NIGHT

RUN = Run("security_scan", NIGHT, NIGHT, NIGHT)
OWN = Certificate("CN=s", "CN=R11", NIGHT - timedelta(days=30), NIGHT + timedelta(days=60), "EC", 256, "sha256")
PAGE = StatusPage(
    probes={
        "website": Probe("website", "https://souk.example/"),
        "deep": Probe("deep", "https://souk.example/cars"),
        "same": Probe("same", "https://souk.example/"),
        "api": Probe("api", "https://api.souk.example:8443/healthz"),
        "accounts": Probe("accounts", ""),
    }
)
BARE = Answered("https://souk.example/", 200, (("Content-Type", "text/html"),))


class Inspector:
    """Shows what it is told by the host."""

    def __init__(self, **shown):
        self.shown, self.asked = shown, []

    def look(self, host, port):
        self.asked.append((host, port))
        shown = self.shown.get(host.partition(".")[0], Shown((OWN,)))
        if isinstance(shown, Exception):
            raise shown
        return shown


class Site:
    """Answers by the address; what it does not know gives no answer."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def ask(self, url, *, follow=True):
        self.asked.append((url, follow))
        answer = self.answers.get(url.partition(":")[0])
        if answer is None:
            raise SiteError(f"{url} gives no answer")
        return answer


def steps(world, *, inspector=None, site=None, page=PAGE):
    outside = Outside(replace(world.config, status=page), inspector or Inspector(), site or Site())
    return outside_steps(outside)


def test_each_host_is_looked_at_once_and_the_evidence_is_the_days_that_are_left(world):
    inspector = Inspector()
    result = steps(world, inspector=inspector)["certificates"](RUN)
    assert inspector.asked == [("souk.example", 443), ("api.souk.example", 8443)]
    assert (result.verdict, result.evidence) == (Verdict.PASS, {"souk.example": 60, "api.souk.example:8443": 60})


def test_E86_an_expired_certificate_is_told_and_taken_back_once_it_is_renewed(world):
    over = Shown((replace(OWN, ends=NIGHT - timedelta(days=1)),), Distrust.EXPIRED)
    bad = replace(steps(world, inspector=Inspector(souk=over))["certificates"](RUN), step="certificates")
    first = told(replace(RUN, results=(bad,)), ())
    assert first.open == (OpenAlert("certificate_refused", "souk.example/expired", "certificates"),)
    good = replace(steps(world)["certificates"](RUN), step="certificates")
    assert told(replace(RUN, results=(good,)), first.open).over == first.open


def test_a_host_that_does_not_answer_is_a_warning_and_takes_nothing_back_while_others_are_told(world):
    before = (OpenAlert("certificate_refused", "souk.example/expired", "certificates"),)
    weak = Shown((replace(OWN, signed_over="sha1"),))
    inspector = Inspector(souk=SiteError("souk.example:443 gives no TLS"), api=weak)
    result = replace(steps(world, inspector=inspector)["certificates"](RUN), step="certificates")
    said = told(replace(RUN, results=(result,)), before)
    assert "souk.example:443 gives no TLS" in result.reason
    assert [one.subject for one, _ in said.firing] == ["api.souk.example:8443/weak_signature"]
    assert said.over == ()
    assert set(before) < set(said.open)


@pytest.mark.parametrize("step", ["certificates", "headers"])
def test_without_an_address_there_is_nothing_to_look_at_and_it_says_what_to_set(world, step):
    result = steps(world, page=StatusPage())[step](RUN)
    assert result.verdict is Verdict.SKIPPED
    assert "url of its probes" in result.reason


def test_an_address_without_tls_has_no_certificate(world):
    page = StatusPage(probes={"web": Probe("web", "http://souk.example/")})
    assert steps(world, page=page)["certificates"](RUN).verdict is Verdict.SKIPPED


def test_headers_of_each_address_are_judged_and_its_plain_one_is_not_followed(world):
    site = Site(https=BARE, http=Answered("http://souk.example/", 200))
    result = steps(world, site=site)["headers"](RUN)
    assert result.verdict is Verdict.FAIL
    assert ("http://souk.example/", False) in site.asked
    subjects = {one.subject for one in result.findings}
    assert {
        "website/Strict-Transport-Security",
        "website/https",
        "deep/https",
        "api/Content-Security-Policy",
    } < subjects
    assert result.evidence["website"] == len([one for one in subjects if one.startswith("website/")])


def test_an_address_that_answers_with_an_error_is_not_judged_and_takes_nothing_back(world):
    result = steps(world, site=Site(https=Answered("https://souk.example/", 503)))["headers"](RUN)
    assert (result.verdict, result.has_looked) == (Verdict.WARN, False)
    assert "answers 503" in result.reason


def test_a_dry_run_looks_as_any_other_and_tells_nothing(world):
    dry = replace(RUN, is_dry=True)
    result = replace(steps(world, site=Site(https=BARE))["headers"](dry), step="headers")
    assert result.verdict is Verdict.FAIL
    assert told(replace(dry, results=(result,)), ()).firing == ()
