"""Do the checks see mistakes? Each seeded one goes through them, the cheap ones first."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.infra import hcl_checks, manifest_checks, workbench
from tests.infra.estate import estate
from tests.infra.mutations import MUTATIONS
from tests.infra.policies import POLICIES


@pytest.fixture(scope="module")
def caught(bench, schemas, tmp_path_factory):
    """Mistake -> which check saw it, or "" """
    known = json.loads(schemas.read_text())
    jobs = [(bench, mutation, known, tmp_path_factory.mktemp("mutant")) for mutation in MUTATIONS]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip((m.what for m in MUTATIONS), pool.map(lambda job: check(*job), jobs), strict=True))


def check(bench, mutation, known, folder):
    """The first check that sees the mistake."""
    root = folder / "tree"
    shutil.copytree(bench.root, root, symlinks=True)
    file = root / mutation.file
    text = file.read_text()
    assert mutation.old in text, f"{mutation.what}: not in {mutation.file} any more"
    file.write_text(text.replace(mutation.old, mutation.new, 1))
    if hcl_checks.faults(root / "infra", known) or manifest_checks.faults(root):
        return "read"
    mutant = workbench.Workbench(root, bench.environment)
    try:
        resources = mutant.planned(*workbench.variables("production"))
    except AssertionError:
        return "plan"
    found = estate("production", resources, root)
    return next((name for name, policy in POLICIES.items() if list(policy(found))), "")


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.what)
def test_a_seeded_mistake_is_seen(caught, mutation):
    assert caught[mutation.what]


def test_every_kind_of_check_earns_its_place(caught):
    assert {"read", "plan"} < set(caught.values())


def test_the_tree_itself_passes(bench, schemas):
    assert hcl_checks.faults(bench.root / "infra", json.loads(schemas.read_text())) == []
    found = estate("production", bench.planned(*workbench.variables("production")), bench.root)
    assert [name for name, policy in POLICIES.items() if list(policy(found))] == []
