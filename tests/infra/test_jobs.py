"""Every maintenance job is run by one function, and somebody is told when that function falls silent."""

import ast
import re

import yaml

from infra.tools.sources import ROOT
from shared.config.loader import load
from shared.domain.job_catalogue import STEPS
from tests.unit.usecases.jobs.years import FUNCTIONS


def jobs_of(folder):
    """The jobs that a function's main.py names, each with its maker."""
    tree = ast.parse((folder / "main.py").read_text())
    keys = [key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys]
    return {key.value for key in keys if isinstance(key, ast.Constant)} & STEPS.keys()


FOLDERS = [main.parent for main in ROOT.glob("functions/*/main.py")]
RUNNERS = {folder.name: found for folder in FOLDERS if (found := jobs_of(folder))}


def test_every_job_is_run_by_exactly_one_function():
    assert sorted(job for jobs in RUNNERS.values() for job in jobs) == sorted(plan.name for plan in load().jobs)
    assert {name: set(jobs) for name, jobs in RUNNERS.items()} == {name: set(jobs) for name, jobs in FUNCTIONS.items()}


def test_a_function_that_runs_jobs_wakes_every_few_minutes_and_its_silence_is_watched():
    watched = re.search(r'can\(regex\("([^"]+)"', (ROOT / "infra/watchers.tf").read_text())[1].replace("\\\\", "\\")
    for name in RUNNERS:
        trigger = yaml.safe_load((ROOT / "functions" / name / "function.yaml").read_text())["trigger"]
        assert trigger["cron"] in {"*/5 * * * *", "*/10 * * * *"}, "well within the patience of the watch"
        assert re.search(watched, trigger["cron"])
