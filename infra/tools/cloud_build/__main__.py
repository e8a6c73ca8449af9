"""`python -m infra.tools.cloud_build [FILE]`: says what is wrong in cloudbuild.yaml; exit 1 if anything is."""

import sys
from pathlib import Path

from infra.tools.cloud_build.build import FILE, read
from infra.tools.cloud_build.checks import faults

if __name__ == "__main__":
    file = Path(sys.argv[1]) if sys.argv[1:] else FILE
    found = faults(read(file))
    for fault in found:
        sys.stderr.write(f"{file.name}: {fault}\n")
    sys.exit(bool(found))
