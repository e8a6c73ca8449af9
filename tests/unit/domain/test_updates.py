"""How far a version moves, and a lock file with pins moved in it."""

import pytest

from shared.domain.updates import Change, Size, changelog_of, hashes_of, merged, relocked, size_of

OLD, NEW, OTHER = "a" * 64, "b" * 64, "c" * 64
LOCK = f"""# made by uv
Jinja2[i18n]==3.1.0 ; python_version >= "3.11" \\
    --hash=sha256:{OLD} \\
    --hash=sha256:{OTHER}
    # via soukmon
jinja2-more==3.1.0 \\
    --hash=sha256:{OLD}
plain==1.0
"""


@pytest.mark.parametrize(
    ("before", "after", "size"),
    [
        ((1, 2, 3), (1, 2, 4), Size.PATCH),
        ((1, 2), (1, 2, 1), Size.PATCH),
        ((1, 2, 3), (1, 3, 0), Size.MINOR),
        ((1, 9), (2,), Size.MAJOR),
        ((2024, 1), (2025, 1), Size.MAJOR),
        ((0, 9, 1), (0, 10), Size.MINOR),
    ],
)
def test_a_move_is_as_big_as_the_first_number_that_changes(before, after, size):
    assert size_of(before, after) is size


def test_a_lock_is_changed_in_the_pins_that_move_and_nowhere_else():
    changes = [
        Change("jinja2", "3.1.0", "3.1.6", Size.PATCH, (NEW, OTHER)),
        Change("plain", "1.0", "2.0", Size.MAJOR, (NEW,)),
    ]
    assert relocked(LOCK, changes) == (
        LOCK.replace(
            f'3.1.0 ; python_version >= "3.11" \\\n    --hash=sha256:{OLD}',
            f'3.1.6 ; python_version >= "3.11" \\\n    --hash=sha256:{NEW}',
            1,
        ).replace("plain==1.0", "plain==2.0")
    )
    assert relocked(LOCK, []) == LOCK
    assert relocked(LOCK, [Change("jinja2", "9", "10", Size.MAJOR)]) == LOCK, "only the version that it was chosen for"


def test_the_hashes_of_each_pin_are_found_by_name_and_version():
    assert hashes_of(LOCK) == {
        ("jinja2", "3.1.0"): {OLD, OTHER}, ("jinja2-more", "3.1.0"): {OLD}, ("plain", "1.0"): frozenset(),
    }  # fmt: skip


def test_locks_of_several_functions_become_one():
    one, two = f"b==1 \\\n    --hash=sha256:{OLD}\na==1\n", f"a==1\nb==1 \\\n    --hash=sha256:{OLD}\n"
    assert merged([one, two]) == two
    assert merged([]) == ""


def test_the_changes_of_a_package_are_found_by_the_names_that_packages_use():
    assert changelog_of({"Homepage": "https://x", "Change Log": "https://x/changes"}) == "https://x/changes"
    assert changelog_of({"Source": "https://x/src", "homepage": "https://x"}) == "https://x/src"
    assert changelog_of({"Changelog": "javascript:alert(1)", "Home": "http://x"}) == ""
