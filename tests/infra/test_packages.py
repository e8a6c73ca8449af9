"""What is packed, and what is not: found by reading the sources, held against what Python really loads."""

import json
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest
import yaml

from infra.tools import package as packing
from infra.tools.closure import EMBEDDED, closure_of
from infra.tools.package import functions, package
from infra.tools.pins import requirements_of
from infra.tools.sources import LOADING, OWN, ROOT, path_of, used

NAMES = functions()
# What reaches a service of Google's, and the role that lets it.
ROLES = {
    "shared.adapters.firestore": {"roles/datastore.user"},
    "shared.adapters.cloud_storage": {
        "roles/storage.objectUser",
        "roles/storage.objectCreator",
        "roles/storage.objectViewer",
    },
    "shared.adapters.cloud_logging": {"roles/logging.viewAccessor"},
    "shared.adapters.cloud_monitoring": {"roles/monitoring.viewer"},
    "shared.adapters.firebase_users": {"custom/containment"},
    "shared.adapters.google_management": {"custom/containment"},
    "shared.adapters.firebase_services": {"custom/health"},
    "shared.adapters.google_review": {"custom/review"},
    "shared.adapters.bigquery.warehouse": {"roles/bigquery.dataEditor", "roles/bigquery.dataViewer"},
}


def main_of(name):
    return ROOT / "functions" / name / "main.py"


def tree(folder, **files):
    """A tree of one function `f` and the modules of `shared` given by their dotted names."""
    for name, text in {"functions.f.main": files.pop("main"), **files}.items():
        path = folder.joinpath(*name.replace("__", ".").split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text)
    (folder / "shared" / "__init__.py").touch()
    return closure_of(folder / "functions/f/main.py", root=folder)


FACTORY = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from shared.types import T
def state():
    from shared.store import Store
    return Store()
def phone():
    from shared.phone import Phone
    return Phone()
"""


def test_an_import_inside_a_function_counts_when_the_function_is_reached(tmp_path):
    found = tree(
        tmp_path, main="from shared import make\ndef f(request):\n    return make.state()\n",
        shared__make=FACTORY, shared__store="class Store:\n    pass", shared__phone="import twilio", shared__types="",
    )  # fmt: skip
    assert set(found.modules) == {"shared", "shared.make", "shared.store"}
    assert found.cold == {"shared", "shared.make"}
    assert found.foreign == set()


@pytest.mark.parametrize(
    "use",
    [
        "from shared.make import phone\ndef f(request):\n    return phone()\n",
        "from shared.make import phone as p\nTABLE = {'p': p}\ndef f(request):\n    return TABLE\n",
        "from shared import make\ndef f(request):\n    return run(make)\n",
        "import shared.make\ndef f(request):\n    from shared import make as m\n    return m.phone()\n",
        "from shared.again import phone\ndef f(request):\n    return phone\n",
        "from shared.again import K\ndef f(request):\n    return K().ring()\n",
        "from shared import again\ndef f(request):\n    return 1\n",
    ],
)
def test_a_function_is_reached_by_whatever_name_it_goes(tmp_path, use):
    again = "from shared.make import phone\nclass K:\n    def ring(self):\n        return phone()\nALL = [phone]\n"
    found = tree(
        tmp_path, main=use, shared__make=FACTORY, shared__again=again,
        shared__store="class Store:\n    pass", shared__phone="import twilio\nclass Phone:\n    pass\n",
    )  # fmt: skip
    assert "shared.phone" in found.modules
    assert "twilio" in found.foreign


@pytest.mark.parametrize("name", NAMES)
def test_what_is_found_by_reading_is_what_a_cold_start_loads(name):
    probe = (
        "import sys, functions_framework;"
        f"functions_framework.create_app(target={name!r}, source={str(main_of(name))!r});"
        "print(' '.join(m for m in sys.modules if m.split('.')[0] == 'shared'))"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == closure_of(main_of(name)).cold


def test_the_same_tree_gives_the_same_bytes_and_the_second_run_says_so(tmp_path, capsys):
    packing.main(["--out", str(tmp_path)])
    first = json.loads((tmp_path / "release.json").read_text())
    assert sorted(first["release"]) == NAMES
    assert {line.split()[-1] for line in capsys.readouterr().out.splitlines()[1:]} == {"new"}
    release = {**first["release"], "handle_signal": "0" * 64, "watch_the_moon": "0" * 64}
    (tmp_path / "before.json").write_text(json.dumps({"release": release}))
    packing.main(["--out", str(tmp_path), "--since", str(tmp_path / "before.json")])
    said = {line.split()[0]: line.split()[-1] for line in capsys.readouterr().out.splitlines()[1:]}
    assert said == {**dict.fromkeys(NAMES, "unchanged"), "handle_signal": "changed", "watch_the_moon": "gone"}
    assert json.loads((tmp_path / "release.json").read_text()) == first
    assert sorted(path.stem for path in tmp_path.glob("*/*.zip")) == sorted(first["release"].values())


def test_an_entry_has_no_time_and_no_compression_of_this_machine():
    archive = zipfile.ZipFile(BytesIO(package("handle_signal").content))
    entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.compress_type, entry.create_system) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 3)
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_package_holds_what_the_buildpack_asks_for_and_nothing_of_this_machine(name):
    files = package(name).files
    assert {"main.py", "requirements.txt", "shared/__init__.py", "shared/runtime.py"} <= set(files)
    assert "pyproject.toml" not in files  # the buildpack would take it for a package
    assert {path.split("/")[0] for path in files} == {"main.py", "requirements.txt", "shared"}
    assert not {f"{module.replace('.', '/')}.py" for module in EMBEDDED} & set(files)
    assert not [path for path in files if path.startswith(("shared/cli/", "shared/adapters/dialect/"))]
    requirements = files["requirements.txt"].decode()
    assert "functions-framework==" in requirements
    assert "://" not in requirements
    assert not [line for line in requirements.splitlines() if line[:1].isalpha() and "==" not in line]


@pytest.mark.parametrize("name", NAMES)
def test_a_function_may_do_what_it_can_reach(name):
    manifest = yaml.safe_load(main_of(name).with_name("function.yaml").read_text())
    reached = closure_of(main_of(name)).modules
    lacking = [module for module, roles in ROLES.items() if module in reached and not roles & set(manifest["roles"])]
    assert lacking == []
    assert manifest["publishes"] or "shared.adapters.pubsub" not in reached


def test_every_module_finds_in_its_package_what_it_imports_when_it_is_loaded():
    missing = []
    for name in NAMES:
        carried = closure_of(main_of(name)).modules
        for module, path in carried.items():
            imported = (one.module for one in used(path, LOADING).imports)
            missing += [(name, module, one) for one in imported if one.startswith(f"{OWN}.") and one not in carried]
    assert missing == []


def test_a_function_carries_no_provider_that_it_never_calls():
    carried = {name: set(closure_of(main_of(name)).modules) for name in NAMES}
    senders = {"send_notification", "audit_escalations"}
    assert {name for name in NAMES if "shared.adapters.twilio" in carried[name]} == senders
    assert {name for name in NAMES if "shared.adapters.smtp" in carried[name]} == senders | {"mail_subscribers"}
    assert {name for name in NAMES if "shared.adapters.fcm" in carried[name]} == senders
    asking = {"evaluate_rules", "evaluate_touched_rules", "assess_impact", "diagnose_incident", "receive_measurement"}
    asking |= {"probe_endpoints", "receive_probe"}  # they only add rows
    asking |= {"send_report", "serve_dashboard", "check_health", "verify_backups", "rotate_logs", "audit_system"}
    assert {name for name in NAMES if "shared.adapters.bigquery.warehouse" in carried[name]} == asking


def test_an_import_that_nothing_locked_provides_is_refused_by_name():
    with pytest.raises(LookupError, match=r"no installed distribution has nowhere\.to_be_found"):
        requirements_of(["nowhere.to_be_found"])
    with pytest.raises(LookupError, match=r"requirements.txt lacks .*pytest.*; run make lock"):
        requirements_of(["pytest"])


def test_every_module_of_ours_that_is_named_exists():
    assert all(path_of(module) for module in (*EMBEDDED, *ROLES))
