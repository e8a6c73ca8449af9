"""Servers that speak TLS with certificates that are wrong in one way each, and the authority that signs them."""

import hashlib
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

HOST = "localhost"


@dataclass
class Signer:
    """Somebody with a key and a certificate."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)


# RFC 8017 appendix B.1 and RFC 4055: the last byte of the signature's OID, and how a digest is wrapped before signing.
BROKEN = {
    "md5": (4, bytes.fromhex("3020300c06082a864886f70d020505000410")),
    "sha1": (5, bytes.fromhex("3021300906052b0e03021a05000414")),
}


def signer(name, *, by=None, key=None, days=40, host="", hashed="", is_authority=False):
    """A certificate of `name`, signed by another or by itself; `days` until its end, negative when that is over."""
    key, now = key or ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    made = builder.sign(by.key if by else key, hashes.SHA256())
    return Signer(_signed_over(made, hashed, by.key) if hashed else made, key)


def _signed_over(made, hashed, key):
    """The same certificate, signed with RSA over a hash that no library signs over any more (PKCS #1 v1.5)."""
    digit, wrapped = BROKEN[hashed]
    oid = bytes.fromhex("2a864886f70d0101")
    whole, body = (one.replace(oid + b"\x0b", oid + bytes([digit])) for one in (
        made.public_bytes(serialization.Encoding.DER), made.tbs_certificate_bytes,
    ))  # fmt: skip
    numbers = key.private_numbers()
    length = len(made.signature)
    digest = wrapped + hashlib.new(hashed, body, usedforsecurity=False).digest()
    padded = b"\x00\x01" + b"\xff" * (length - len(digest) - 3) + b"\x00" + digest
    signed = pow(int.from_bytes(padded), numbers.d, numbers.public_numbers.n).to_bytes(length)
    return x509.load_der_x509_certificate(whole.removesuffix(made.signature) + signed)


class Answers(BaseHTTPRequestHandler):
    """Answers each path with the headers that the server was given."""

    def do_GET(self):
        self.send_response(self.server.status)
        for name, value in self.server.headers:
            self.send_header(name, value)
        self.end_headers()

    def version_string(self):
        return "souk"

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """One that takes a refused handshake for what it is."""

    status, headers = 200, ()

    def handle_error(self, request, client_address):
        pass


@contextmanager
def serving(folder, *chain, oldest=ssl.TLSVersion.TLSv1_2, newest=ssl.TLSVersion.MAXIMUM_SUPPORTED, alpn=(), **answer):
    """The port of a server that shows the chain, its own certificate first; without a chain it speaks plain HTTP."""
    server = Server((HOST, 0), Answers)
    server.status, server.headers = answer.get("status", 200), answer.get("headers", ())
    if chain:
        server.socket = _context(folder, chain, oldest, newest, alpn).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _context(folder, chain, oldest, newest, alpn):
    private = chain[0].key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = Path(folder) / "chain.pem"
    path.write_bytes(private + b"".join(one.pem for one in chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = oldest, newest
    context.load_cert_chain(path)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context
