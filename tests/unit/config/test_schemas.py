"""The committed schemas are those of the wire shapes, and loading stays cheap."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from shared.config.documents import read
from shared.config.loader import PACKAGED
from shared.config.schemas import schemas, text

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", schemas())
def test_the_committed_schema_is_the_generated_one(name):
    assert (PACKAGED / "schema" / f"{name}.json").read_text(encoding="utf-8") == text(schemas()[name])


def test_there_is_no_other_schema():
    assert {path.stem for path in (PACKAGED / "schema").glob("*.json")} == set(schemas())


@pytest.mark.parametrize("home", [PACKAGED, HERE / "good"], ids=["shipped", "good"])
@pytest.mark.parametrize("name", schemas())
def test_the_files_fit_their_schemas(home, name):
    validator = jsonschema.Draft202012Validator(schemas()[name])
    assert list(validator.iter_errors(read(home / f"{name}.yaml").data)) == []


@pytest.mark.parametrize("bad", ["misspelled_key", "unknown_channel", "bad_duration", "missing_channels"])
def test_the_schema_sees_in_the_editor_what_the_loader_refuses(bad):
    document = read(HERE / "bad" / f"{bad}.yaml")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schemas()["rules"]).validate(document.data)


def test_loading_does_not_import_what_a_function_should_not_pay_for():
    program = "import sys, json; from shared.config.loader import load; load(); print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, cwd=PACKAGED.parents[1]
    )
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert "msgspec" in loaded
    assert loaded.isdisjoint({"jsonschema", "phonenumbers", "pydantic", "click", "jinja2", "requests", "difflib"})
