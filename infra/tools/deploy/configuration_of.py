"""The configuration that an environment runs, taken out of its release: what a change of rules is compared with."""

import io
import zipfile
from pathlib import Path

from infra.tools.deploy.installation import Installation

CARRIER = "handle_signal"  # decides by rules.yaml, and so carries the whole configuration
INSIDE = "shared/config/"


def take_out(here: Installation, folder: Path) -> int:
    """Write shared/config of the last release into the folder; returns the release's number, 0 when there is none."""
    release = here.releases.last()
    if release is None:
        return 0
    content = here.releases.package(CARRIER, release.functions[CARRIER])
    if content is None:
        raise LookupError(f"the package of {CARRIER} in release {release.number} is no longer kept")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith(INSIDE) and name.endswith(".yaml"):
                file = folder / Path(name).name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(archive.read(name))
    return release.number
