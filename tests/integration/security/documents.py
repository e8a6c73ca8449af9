"""Documents of the OSV schema, written from its description."""

HIGH = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"


def osv(number, name, *, versions, fixed, ecosystem="PyPI", modified="2026-03-01T00:00:00Z", **more):
    """A vulnerability from the beginning up to `fixed`; `versions` are listed, as OSV does beside ranges."""
    return {
        "schema_version": "1.7.0", "id": number, "modified": modified, "published": modified, "summary": f"{number} in {name}",
        "affected": [{
            "package": {"ecosystem": ecosystem, "name": name},
            "ranges": [
                {"type": "GIT", "repo": "https://example.org/x", "events": [{"introduced": "0"}, {"fixed": "abc"}]},
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]},
            ],
            "versions": versions,
        }],
        **more,
    }  # fmt: skip
