"""The in-process BigQuery on a port, for programs that find it by BIGQUERY_EMULATOR_HOST, and a token for them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from infra.local.sandbox.server import Silent
from infra.local.warehouse.rest import EmbeddedBigQuery
from shared.adapters.duckdb_warehouse import DuckDBWarehouse


@contextmanager
def serving(engine: DuckDBWarehouse) -> Iterator[str]:
    """Serve until the block ends; yields the address, under which /token hands out credentials as well."""
    bigquery = EmbeddedBigQuery(engine)

    @Request.application
    def answer(request: Request) -> Response:
        if request.path == "/token":
            token = {"access_token": "local", "expires_in": 3600, "token_type": "Bearer"}
            return Response(json.dumps(token), content_type="application/json")
        asked = requests.Request(request.method, request.url, data=request.get_data()).prepare()
        found = bigquery.send(asked)
        return Response(found.content, found.status_code, content_type="application/json")

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=Silent)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def account(path: Path, *, address: str, project: str) -> Path:
    """Write the key of a service account whose tokens come from that address (GOOGLE_APPLICATION_CREDENTIALS)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    email = f"local@{project}.iam.gserviceaccount.com"
    document = {
        "type": "service_account",
        "project_id": project,
        "private_key_id": "local",
        "private_key": pem,
        "client_email": email,
        "token_uri": f"{address}/token",
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
