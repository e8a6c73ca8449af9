"""A sign-in of its own: issues the ID tokens that Firebase Authentication would, and shows the keys that prove them."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, request
from flask.typing import ResponseReturnValue
from google.auth import crypt, jwt

from shared.domain.signals import digest
from shared.settings import Settings

KEY = "sandbox"
LIFETIME = timedelta(hours=1)


def create_app() -> Flask:
    """`POST /token {"email": ...}` signs anybody in, on this machine only; `GET /keys` is Google's list of keys."""
    app = Flask("identity_sandbox")

    @app.get("/keys")
    def keys() -> ResponseReturnValue:
        public = _key().public_key()
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return {KEY: public.public_bytes(serialization.Encoding.PEM, form).decode()}

    @app.post("/token")
    def token() -> ResponseReturnValue:
        wanted = request.get_json(silent=True)
        email = wanted.get("email") if isinstance(wanted, dict) else None
        if not isinstance(email, str):
            return {"error": 'send {"email": "..."}'}, 400
        return {"token": id_token(email)}

    return app


def id_token(email: str, /, *, project: str = Settings().project, **changes: Any) -> str:  # noqa: ANN401 - claims
    """A token as the responders' app has it, for an hour of the machine's clock; `changes` are other claims."""
    now = datetime.now(UTC)
    subject = digest("sandbox user", email)
    claims = {
        "iss": f"https://securetoken.google.com/{project}",
        "aud": project,
        "auth_time": int(now.timestamp()),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "sub": subject,
        "user_id": subject,
        "email": email,
        "email_verified": True,
        "firebase": {"identities": {"email": [email]}, "sign_in_provider": "password"},
    }
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    pem = _key().private_bytes(encoding, form, serialization.NoEncryption())
    signer = crypt.RSASigner.from_string(pem, KEY)  # type: ignore[no-untyped-call]
    return bytes(jwt.encode(signer, claims | changes)).decode()  # type: ignore[no-untyped-call]


@lru_cache(maxsize=1)
def _key() -> rsa.RSAPrivateKey:
    """Made when somebody signs in first; tokens do not outlive the process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
