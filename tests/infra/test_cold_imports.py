"""What each function may import before its first request: exactly this, beside the bare functions framework."""

import subprocess
import sys

import pytest

from infra.tools.package import functions
from infra.tools.sources import ROOT

MSGSPEC = {"msgspec", "typing_extensions"}
TWILIO = {name: {"twilio"} for name in ("answer_call", "receive_sms", "receive_twilio_callback")}
BARE = "import functions_framework\n\n\n@functions_framework.cloud_event\ndef bare(event):\n    pass\n"
# What these cost before anything useful happens is why they are nobody's business at a cold start.
SLOW_PARTS = {"asyncio", "ssl", "sqlite3", "xml.sax", "email.mime.multipart", "zipfile", "tempfile"}


def loaded(target, source):
    probe = (
        "import sys, functions_framework;"
        f"functions_framework.create_app(target={target!r}, source={str(source)!r});"
        "print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    source = tmp_path_factory.mktemp("bare") / "main.py"
    source.write_text(BARE)
    return loaded("bare", source)


@pytest.mark.parametrize("name", functions())
def test_a_cold_start_imports_exactly_this(name, bare):
    more = loaded(name, ROOT / "functions" / name / "main.py") - bare
    others = {module.split(".")[0] for module in more} - sys.stdlib_module_names - {"shared", "main", name}
    assert {module for module in others if not module.startswith("_sysconfigdata")} == MSGSPEC | TWILIO.get(name, set())
    assert more & SLOW_PARTS == set()
