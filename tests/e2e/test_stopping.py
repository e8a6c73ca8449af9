"""`soukmon up` stops when it is told to, however often it is told."""

import os
import signal
import subprocess
import sys
import threading

import pytest


@pytest.mark.parametrize("times", [1, 40])
def test_it_ends_at_once_even_when_signals_come_in_a_burst(tmp_path, times):
    command = [
        sys.executable,
        "-c",
        "from shared.cli.main import main; main()",
        "up",
        "--port",
        "0",
        "--state",
        str(tmp_path / "state"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    late = threading.Timer(60, process.kill)
    late.start()
    for line in process.stdout:
        if "Ctrl-C stops" in line:
            break
    for _ in range(times):
        os.kill(process.pid, signal.SIGTERM)
    status = process.wait(timeout=30)
    late.cancel()
    process.stdout.close()
    assert status == 0
