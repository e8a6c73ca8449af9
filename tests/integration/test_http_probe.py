"""Probes over real sockets: each way to fail has a name of its own, and the certificate's end is read."""

import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.adapters.http_probe import MOST_BYTES, HttpProber
from shared.domain.status_checks import Reason

QUICK = timedelta(seconds=5)


class Answers(BaseHTTPRequestHandler):
    """A server that fails in the way its path says; `released` ends those that wait."""

    released = threading.Event()

    def do_GET(self):
        leads = {
            "/circle": "/circle/",
            "/circle/": "/circle",
            "/deeper": f"/deeper?{'x' * len(self.path)}",
            "/moved": "/",
            "/away": f"http://localhost:{self.server.server_port}/",
        }
        match self.path.split("?")[0]:
            case path if path in leads:
                self._redirect(leads[path])
            case "/silent":
                self.released.wait(20)
            case "/drops":
                self._drops()
            case "/error":
                self._body(b"<h1>Internal error</h1>")
            case "/large":
                self._body(b"x" * (MOST_BYTES + 1))
            case "/broken":
                self.send_response(503)
                self.end_headers()
            case _:
                self._body("أهلًا Souk".encode())

    def _redirect(self, where):
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _body(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drops(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        try:
            while not self.released.wait(0.05):
                self.wfile.write(b".")
                self.wfile.flush()
        except OSError:
            return

    def log_message(self, *arguments):
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """One that takes a refused handshake for what it is."""

    def handle_error(self, request, client_address):
        """Say nothing."""


def certificate(folder, name, *, days, host="127.0.0.1"):
    """A certificate that signs itself, with its key, in one file; `days` until its end, negative when it is over."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    try:
        other = x509.IPAddress(ip_address(host))
    except ValueError:
        other = x509.DNSName(host)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([other]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def serve():
    """Starts servers; `pem` makes one speak TLS. Returns its address."""
    started = []

    def start(pem=None):
        Answers.released.clear()
        server = Server(("127.0.0.1", 0), Answers)
        if pem is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pem)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        return f"{'https' if pem else 'http'}://127.0.0.1:{server.server_port}"

    yield start
    Answers.released.set()
    for server in started:
        server.shutdown()
        server.server_close()


def look(url, **changes):
    given = {"slow_after": QUICK, "contains": "Souk", "lacks": ("Internal error",), **changes}
    tls = given.pop("tls", None)
    return HttpProber(tls=tls).look(url, **given)


def trusting(pem):
    return ssl.create_default_context(cafile=pem)


def test_a_right_answer_has_no_reason_and_a_time(serve):
    found = look(serve())
    assert found.reason == ""
    assert 0 < found.latency_ms < 5000


def test_a_redirect_at_home_is_followed(serve):
    assert look(serve() + "/moved").reason == ""


def test_E86_a_name_that_is_not_found_is_dns():
    assert look("http://nowhere.invalid/").reason == Reason.DNS


def test_E86_a_certificate_that_is_over_is_tls(serve, tmp_path):
    pem = certificate(tmp_path, "old", days=-1)
    assert look(serve(pem), tls=trusting(pem)).reason == Reason.TLS


def test_E86_a_certificate_nobody_vouches_for_is_tls(serve, tmp_path):
    assert look(serve(certificate(tmp_path, "own", days=40))).reason == Reason.TLS


def test_E86_a_certificate_of_another_host_is_the_wrong_host(serve, tmp_path):
    pem = certificate(tmp_path, "other", days=40, host="other.souk.example")
    assert look(serve(pem), tls=trusting(pem)).reason == Reason.WRONG_HOST


def test_E86_a_redirect_to_another_host_is_the_wrong_host(serve):
    assert look(serve() + "/away").reason == Reason.WRONG_HOST


@pytest.mark.parametrize("path", ["/circle", "/deeper"])
def test_E86_redirects_without_end_are_a_loop(serve, path):
    assert look(serve() + path).reason == Reason.REDIRECT_LOOP


@pytest.mark.parametrize("wrong", [{"contains": "Welcome"}, {"lacks": ("Souk",)}])
def test_E86_a_200_with_the_wrong_body_is_body(serve, wrong):
    assert look(serve(), **wrong).reason == Reason.BODY
    assert look(serve() + "/error").reason == Reason.BODY


@pytest.mark.parametrize("path", ["/silent", "/drops"])
def test_E86_no_answer_in_time_is_slow_however_it_is_spun_out(serve, path):
    found = look(serve() + path, slow_after=timedelta(milliseconds=400))
    assert found.reason == Reason.SLOW
    assert found.latency_ms < 3000


def test_an_error_status_and_a_closed_door_have_names_too(serve):
    assert look(serve() + "/broken").reason == Reason.STATUS
    assert look("http://127.0.0.1:9/").reason == Reason.UNREACHABLE


def test_a_body_without_end_is_read_only_as_far_as_it_is_judged(serve):
    assert look(serve() + "/large", contains="", lacks=()).reason == ""


def test_E86_the_six_reasons_are_six():
    six = {Reason.DNS, Reason.TLS, Reason.WRONG_HOST, Reason.REDIRECT_LOOP, Reason.BODY, Reason.SLOW}
    assert len(six) == len({str(reason) for reason in six}) == 6


def test_the_end_of_the_certificate_is_read(serve, tmp_path):
    pem = certificate(tmp_path, "good", days=40)
    found = look(serve(pem), tls=trusting(pem))
    assert found.reason == ""
    assert abs(found.certificate_ends - datetime.now(UTC) - timedelta(days=40)) < timedelta(minutes=5)
