"""Functions mounted in one process, as the local platform does."""

import sys

from infra.local.functions import mount


def test_mounting_a_function_leaves_the_path_of_imports_as_it_was():
    before = sys.path.copy()
    assert mount("serve_report").name
    assert sys.path == before
