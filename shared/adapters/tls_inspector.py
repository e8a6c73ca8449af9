"""TLS of an address, in three handshakes: whatever it shows, as a client checks it, and in old versions alone."""

import socket
import ssl
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared.domain.tls import Certificate, Distrust, Shown
from shared.errors import SiteError

if TYPE_CHECKING:
    from cryptography import x509

TIMEOUT_SECONDS = 10.0
ANY_CIPHER = "ALL:@SECLEVEL=0"  # also those that only an old server would choose, and keys of any length
# X509_V_ERR_* of openssl/x509_vfy.h
REASONS = {
    9: Distrust.NOT_YET,  # CERT_NOT_YET_VALID
    10: Distrust.EXPIRED,  # CERT_HAS_EXPIRED
    18: Distrust.SELF_SIGNED,  # DEPTH_ZERO_SELF_SIGNED_CERT
    19: Distrust.UNTRUSTED,  # SELF_SIGNED_CERT_IN_CHAIN
    62: Distrust.WRONG_HOST,  # HOSTNAME_MISMATCH
    64: Distrust.WRONG_HOST,  # IP_ADDRESS_MISMATCH
    66: Distrust.WEAK,  # EE_KEY_TOO_SMALL
    67: Distrust.WEAK,  # CA_KEY_TOO_SMALL
    68: Distrust.WEAK,  # CA_MD_TOO_WEAK
}
NO_ISSUER = frozenset({20, 21})  # UNABLE_TO_GET_ISSUER_CERT_LOCALLY, UNABLE_TO_VERIFY_LEAF_SIGNATURE


class SocketTls:
    """Implements `TlsInspector`. `trusted` is a file of certificates in place of the machine's own."""

    def __init__(self, *, trusted: str = "") -> None:
        self._trusted = trusted

    def look(self, host: str, port: int) -> Shown:
        """See `TlsInspector`."""
        try:
            version, sent = _handshake(host, port, _anything())
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise SiteError(f"{host}:{port} gives no TLS ({type(error).__name__})") from error
        chain = tuple(_read(one) for one in sent)
        distrust, detail = self._checked(host, port, chain)
        return Shown(chain, distrust, detail, version, _old_version(host, port))

    def _checked(self, host: str, port: int, chain: Sequence[Certificate]) -> tuple[Distrust | None, str]:
        context = ssl.create_default_context(cafile=self._trusted or None)
        try:
            _handshake(host, port, context)
        except ssl.SSLCertVerificationError as error:
            return _reason(error.verify_code, chain), error.verify_message
        except ssl.SSLError as error:  # no version or cipher in common with a client of today
            return Distrust.OTHER, error.reason or "the handshake failed"
        except OSError as error:
            raise SiteError(f"{host}:{port} broke off ({type(error).__name__})") from error
        return None, ""


def _reason(code: int, chain: Sequence[Certificate]) -> Distrust:
    """One that is sent alone, without its issuer, mostly lacks the intermediate; OpenSSL has one code for both."""
    if code in NO_ISSUER:
        return Distrust.INCOMPLETE if len(chain) == 1 else Distrust.UNTRUSTED
    return REASONS.get(code, Distrust.OTHER)


def _anything() -> ssl.SSLContext:
    """A context that takes what comes, to look at it; nothing is sent over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(ANY_CIPHER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the old versions are what is looked for
        context.minimum_version = ssl.TLSVersion.TLSv1
    return context


def _old_version(host: str, port: int) -> str:
    """The old version that is agreed on when nothing newer is offered; "" when the server hangs up, as it should."""
    context = _anything()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        return _handshake(host, port, context)[0]
    except OSError:
        return ""


def _handshake(host: str, port: int, context: ssl.SSLContext) -> tuple[str, "list[x509.Certificate]"]:
    """The agreed version, and the certificates as they were sent, the server's own first."""
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - only where somebody looks

    with (
        socket.create_connection((host, port), timeout=TIMEOUT_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        return secured.version() or "", [load_der_x509_certificate(one) for one in _sent(secured)]


def _sent(secured: ssl.SSLSocket) -> list[bytes]:
    """The chain as DER: SSLSocket.get_unverified_chain from Python 3.13 on; the object below has had it since 3.10."""
    public: Any = getattr(secured, "get_unverified_chain", None)
    if public is not None:
        return list(public())
    below: Any = secured._sslobj  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    return [ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in below.get_unverified_chain() or ()]


def _read(one: "x509.Certificate") -> Certificate:
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa  # noqa: PLC0415 - see above

    kinds: dict[str, type] = {"RSA": rsa.RSAPublicKey, "EC": ec.EllipticCurvePublicKey, "DSA": dsa.DSAPublicKey}
    public = one.public_key()
    key = next((name for name, kind in kinds.items() if isinstance(public, kind)), type(public).__name__)
    hashed = one.signature_hash_algorithm
    return Certificate(
        one.subject.rfc4514_string(),
        one.issuer.rfc4514_string(),
        one.not_valid_before_utc,
        one.not_valid_after_utc,
        key,
        getattr(public, "key_size", 0),
        hashed.name if hashed else "",
        one.subject == one.issuer,
    )
