"""What a page is made of: its tags, its build's manifest, and names that last from one build to the next."""

import pytest

from shared.domain.page_assets import assets_in, assets_of, is_first_party, lasting_names

PAGE = "https://souk.example/cars/"
VITE = {
    "_shared-B7PI925R.js": {"file": "assets/shared-B7PI925R.js", "name": "shared", "css": ["assets/shared-ChJ_j-JJ.css"]},
    "baz.js": {"file": "assets/baz-B2H3sXNv.js", "name": "baz", "src": "baz.js", "isDynamicEntry": True},
    "logo.svg": {"file": "assets/logo-BuPI925R.svg", "src": "logo.svg"},
}  # fmt: skip
CRA = {
    "files": {"main.css": "/static/css/main.f855e6bc.css", "main.js": "/static/js/main.9e5a7b3c.js", "index.html": "/index.html"},
    "entrypoints": ["static/css/main.f855e6bc.css", "static/js/main.9e5a7b3c.js"],
}  # fmt: skip


def test_scripts_style_sheets_and_preloads_are_found_once_and_in_order():
    html = """
      <link rel="preload" as="font" href="/font.woff2"><link rel="icon" href="/icon.png">
      <link rel="modulepreload" href="/assets/vendor.js"><LINK REL="StyleSheet" HREF="site.css">
      <link rel="preload" as="script" href="/late.js"><script type="module" src="/assets/vendor.js"></script>
      <script>var s = '<script src="/no.js">'</script><script src="https://cdn.example/x.js#frag"></script>
      <script src="data:text/javascript,1"></script><script src=""></script><script src="http://[bad"></script>
    """
    assert assets_of(html, PAGE) == (
        "https://souk.example/assets/vendor.js",
        "https://souk.example/cars/site.css",
        "https://souk.example/late.js",
        "https://cdn.example/x.js",
    )


def test_what_is_relative_is_relative_to_the_first_base():
    html = '<base href="/v2/"><base href="/v3/"><script src="a.js"></script>'
    assert assets_of(html, PAGE) == ("https://souk.example/v2/a.js",)


def test_a_manifest_of_vite_names_lazy_chunks_and_their_styles():
    assert assets_in(VITE, "https://souk.example/") == (
        "https://souk.example/assets/shared-B7PI925R.js",
        "https://souk.example/assets/shared-ChJ_j-JJ.css",
        "https://souk.example/assets/baz-B2H3sXNv.js",
    )


def test_a_manifest_of_create_react_app_names_its_files():
    assert assets_in(CRA, "https://souk.example/") == (
        "https://souk.example/static/css/main.f855e6bc.css",
        "https://souk.example/static/js/main.9e5a7b3c.js",
    )


@pytest.mark.parametrize(
    "other",
    [
        [],
        "x",
        None,
        {"name": "Souk", "icons": [{"src": "a.js"}]},
        {"a": {"file": 3}},
        {"a": {"file": "a.js", "css": "b"}},
    ],
)
def test_what_is_no_manifest_names_at_most_what_it_can(other):
    assert assets_in(other, "https://souk.example/") in {(), ("https://souk.example/a.js",)}


@pytest.mark.parametrize(
    ("asset", "own"),
    [
        ("https://souk.example/a.js", True),
        ("https://static.souk.example/a.js", True),
        ("https://www.souk.example/a.js", True),
        ("https://notsouk.example/a.js", False),
        ("https://www.googletagmanager.com/gtag.js", False),
    ],
)
def test_only_what_comes_from_the_site_itself_is_first_party(asset, own):
    assert is_first_party(asset, "https://www.souk.example/") is own


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("assets/index-BRBmoGS9.js", "assets/index.js"),
        ("assets/index-Ch_J-jJJ.css", "assets/index.css"),
        ("static/js/main.9e5a7b3c.js", "static/js/main.js"),
        ("static/js/2.9e5a7b3c.chunk.js", "static/js/2.chunk.js"),
        ("js/app.1234567890abcdef1234.js", "js/app.js"),
        ("js/car-listings.js", "js/car-listings.js"),
        ("js/jquery.min.js", "js/jquery.min.js"),
        ("assets/file-12345678/plain.js", "assets/file-12345678/plain.js"),
    ],
)
def test_a_name_loses_the_hash_of_its_content_and_nothing_else(path, name):
    address = f"https://souk.example/{path}"
    assert lasting_names([address]) == {address: name}


def test_two_that_would_be_called_the_same_keep_what_they_are_called():
    first, second = "https://souk.example/a-BRBmoGS9.js", "https://souk.example/a-CXXmoGS7.js"
    assert lasting_names([first, second]) == {first: "a-BRBmoGS9.js", second: "a-CXXmoGS7.js"}
