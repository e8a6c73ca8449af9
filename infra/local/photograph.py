"""Pictures of the inbox for the README: the demo day's, in both languages, as headless Chromium shows them."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from infra.local.demo import play
from infra.local.platform import Platform
from shared.adapters.clocks import SystemClock, VirtualClock
from shared.config.loader import load

FOLDER = Path(__file__).parent / "pictures"
SIZE = "1100,1500"
SECONDS = 60
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")


def main() -> None:
    """Take both pictures anew."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("chromium (Debian: chromium) is not installed")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="soukmon-") as state:
        platform = Platform(Path(state), clock=VirtualClock(SystemClock().now()), configuration=load())
        play(platform, say=lambda _: None)
        for locale, channel in (
            ("en", "slack"),
            ("ar", "twilio"),
        ):  # what engineers see, and the texts of night and day
            file, url = FOLDER / f"inbox_{locale}.png", f"{platform.url}/inbox?only={channel}&lang={locale}"
            command = [chromium, *OPTIONS, f"--window-size={SIZE}", f"--screenshot={file}", url]
            subprocess.run(command, check=True, timeout=SECONDS, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words
        platform.close()


if __name__ == "__main__":
    main()
