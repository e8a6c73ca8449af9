"""The installation planned and applied by the real Terraform, and what must be true of it afterwards."""

import copy
import re

import pytest

from tests.infra import workbench
from tests.infra.estate import estate
from tests.infra.policies import POLICIES

ENVIRONMENTS = ("staging", "production")
REPOSITORY = '-var=repository={owner="souk",name="monitoring"}'


@pytest.fixture(scope="module")
def applied(bench):
    """Production, applied from its saved plan."""
    bench.must("plan", *workbench.variables("production"), "-out=saved.plan")
    bench.must("apply", "-input=false", "saved.plan")
    return bench.state()


@pytest.fixture(scope="module")
def estates(applied, make_workbench):
    staging = make_workbench("staging")
    staging.must("init", "-input=false")
    states = {"staging": staging.planned(*workbench.variables("staging")), "production": applied}
    return {name: estate(name, state, workbench.ROOT) for name, state in states.items()}


def test_the_files_are_formatted_and_valid(bench):
    bench.must("fmt", "-check", "-recursive")
    bench.must("validate")


@pytest.mark.usefixtures("applied")
def test_a_second_plan_finds_nothing_to_do(bench):
    done = bench.run("plan", *workbench.variables("production"), "-detailed-exitcode")
    assert done.code == 0, done.output


@pytest.mark.usefixtures("applied")
def test_another_release_changes_only_its_function(bench):
    release = bench.root / "infra" / "release.tfvars.json"
    before = release.read_text()
    release.write_text(before.replace(f'"serve_chart": "{workbench.SHA}"', f'"serve_chart": "{workbench.SHA[::-1]}"'))
    done = bench.run("plan", *workbench.variables("production"), "-detailed-exitcode")
    release.write_text(before)
    assert done.code == 2
    assert re.findall(r"# (\S+) will be (\S+)", done.output) == [
        ('module.function["serve_chart"].google_cloudfunctions2_function.this', "updated")
    ]


# Made first, or the first apply fails or loses something: type and name -> what it has to wait for.
FIRST = {
    ("google_cloudfunctions2_function", "this"): (
        "google_artifact_registry_repository_iam_member.build",
        "google_project_iam_member.build",
        "google_project_iam_member.build_sources",
        "google_project_service.api",
    ),
    ("google_bigquery_dataset_iam_member", "source"): ("google_bigquery_dataset.request_logs",),
    ("google_bigquery_table", "view"): ("google_bigquery_dataset.request_logs", "google_bigquery_table.table"),
    ("google_pubsub_subscription", "push"): (
        "google_pubsub_topic_iam_member.dead_letters",
        "google_pubsub_subscription.dead_letters",
    ),
    ("google_service_account_iam_member", "push_tokens"): ("google_pubsub_topic.topic",),
    ("google_monitoring_notification_channel", "watcher_email"): ("google_project_service.api",),
    ("google_logging_project_exclusion", "signed_links"): ("google_project_service.api",),
}


@pytest.mark.parametrize("one", FIRST, ids=".".join)
def test_what_is_needed_first_is_made_first(applied, one):
    waits = [set(r.get("depends_on", [])) for r in applied if (r["type"], r["name"]) == one]
    assert waits
    assert [set(FIRST[one]) - waited for waited in waits if not waited.issuperset(FIRST[one])] == []


@pytest.mark.parametrize("name", ENVIRONMENTS)
@pytest.mark.parametrize("policy", POLICIES)
def test_policy(estates, name, policy):
    assert list(POLICIES[policy](estates[name])) == []


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_functions_of_the_cloud_are_the_folders(estates, name):
    folders = {path.parent.name for path in workbench.ROOT.glob("functions/*/main.py")}
    assert {one.function for one in estates[name].of("google_cloudfunctions2_function")} == folders


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_environment_that_is_committed_is_refused_until_it_is_filled_in(bench, name):
    committed = ("-input=false", f"-var-file=env/{name}.tfvars", "-var-file=release.tfvars.json")
    output = " ".join(bench.run("plan", *committed).output.split())
    for variable in ("project", "watcher_email", "uptime_checks", "senders"):
        assert f"{variable}: put " in output


@pytest.fixture(scope="module")
def bootstraps(bench):
    """What bootstrap/ makes: production's applied, staging's foreseen."""
    chosen = {
        name: ("-input=false", "-var=project=souk-test-1", f"-var=environment={name}", REPOSITORY)
        for name in ENVIRONMENTS
    }
    bench.must("init", "-input=false", folder=workbench.BOOTSTRAP)
    staging = bench.planned(*chosen["staging"], folder=workbench.BOOTSTRAP)
    bench.must("apply", "-auto-approve", *chosen["production"], folder=workbench.BOOTSTRAP)
    assert bench.run("plan", *chosen["production"], "-detailed-exitcode", folder=workbench.BOOTSTRAP).code == 0
    return {"staging": staging, "production": bench.state(folder=workbench.BOOTSTRAP)}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_production_is_deployed_from_tags_once_somebody_approved(bootstraps, name):
    deploys = [
        r["values"] for r in bootstraps[name] if (r["type"], r["name"]) == ("google_cloudbuild_trigger", "deploy")
    ]
    assert [d["approval_config"][0]["approval_required"] for d in deploys] == [name == "production"]
    assert bool(deploys[0]["github"][0]["push"][0]["tag"]) == (name == "production")


def test_who_deploys_is_no_owner_and_grants_only_what_the_installation_grants(bootstraps, estates):
    grants = [r["values"] for r in bootstraps["production"] if r["type"] == "google_project_iam_member"]
    assert {grant["role"] for grant in grants}.isdisjoint({"roles/owner", "roles/editor", "roles/viewer"})
    condition = next(g for g in grants if g["role"] == "roles/resourcemanager.projectIamAdmin")["condition"][0][
        "expression"
    ]
    given = {g.values["role"] for g in estates["production"].of("google_project_iam_member")}
    assert set(re.findall(r"roles/[\w.]+", condition)) == {role[role.index("roles/") :] for role in given}


def test_who_plans_pull_requests_cannot_change_anything(bootstraps):
    planner = "serviceAccount:soukmon-planner@souk-test-1.iam.gserviceaccount.com"
    state = bootstraps["staging"]
    grants = {
        r["values"]["role"] for r in state if r["type"].endswith("_iam_member") and r["values"]["member"] == planner
    }
    assert grants
    assert {role for role in grants if re.search(r"admin|owner|editor|\w+User$", role, re.IGNORECASE)} == set()
    pull_requests = [
        r["values"] for r in state if (r["type"], r["name"]) == ("google_cloudbuild_trigger", "pull_request")
    ]
    assert ["soukmon-planner" in one["service_account"] for one in pull_requests] == [True]
    reads = {r["index"]: r["values"]["bucket"] for r in state if r["name"] == "planner_reads"}
    assert reads == {"state": "souk-test-1-soukmon-state", "releases": "souk-test-1-soukmon-releases"}


def test_the_nightly_look_for_drift_is_started_and_is_no_deployment(bootstraps):
    for state in bootstraps.values():
        triggers = [r["values"] for r in state if (r["type"], r["name"]) == ("google_cloudbuild_trigger", "drift")]
        scripts = [step["script"] for build in triggers[0]["build"] for step in build["step"]]
        assert [script.count("soukmon deploy drift") for script in scripts] == [0, 1]
        assert not [script for script in scripts if "apply" in script]
        job = next(r["values"] for r in state if r["type"] == "google_cloud_scheduler_job")
        assert job["http_target"][0]["uri"].endswith(":run")
        assert "soukmon-deployer" in job["http_target"][0]["oauth_token"][0]["service_account_email"]


def put(path, value):
    """A change of one value in a resource: the path's last part is set."""

    def change(values):
        *way, last = path
        for step in way:
            values = values[step]
        values[last] = value

    return change


SERVICE = ("service_config", 0)
# policy -> (type, name, change of the first such resource; None takes it away)
TAMPERED = {
    "no_role_is_wider_than_it_needs_to_be": ("google_project_iam_member", "database", put(["role"], "roles/owner")),
    "each_function_may_exactly_what_its_manifest_says": ("google_project_iam_member", "database", None),
    "public_is_what_the_manifest_says_and_nothing_else": ("google_pubsub_topic_iam_member", "log_sink", put(["member"], "allUsers")),
    "each_function_is_called_by_its_own_kind_of_caller": ("google_cloud_run_v2_service_iam_member", "invoker", put(["member"], "user:a@b.example"), "handle_signal"),
    "every_topic_has_a_producer_and_a_consumer": ("google_pubsub_subscription", "push", None),
    "each_function_publishes_where_its_manifest_says": ("google_pubsub_topic_iam_member", "publishes", None),
    "who_writes_from_outside_may": ("google_pubsub_topic_iam_member", "log_sink", None),
    "every_delivery_is_retried_and_never_lost": ("google_pubsub_subscription", "push", put(["dead_letter_policy"], [])),
    "every_push_goes_to_its_function_with_a_token_for_it": ("google_pubsub_subscription", "push", put(["push_config", 0, "oidc_token"], [])),
    "a_push_waits_for_its_function": ("google_pubsub_subscription", "push", put(["ack_deadline_seconds"], 10)),
    "dead_letters_can_be_written_and_are_kept": ("google_pubsub_subscription_iam_member", "dead_letters", None),
    "no_log_line_of_ours_comes_back_as_an_alert": ("google_logging_project_sink", "signals", put(["exclusions"], [])),
    "only_trouble_passes_through_functions": ("google_logging_project_sink", "signals", put(["filter"], 'NOT resource.labels.service_name=~"^soukmon-"')),
    "every_secret_is_read_by_exactly_its_users": ("google_secret_manager_secret_iam_member", "reads", put(["secret_id"], "projects/p/secrets/OTHER")),
    "no_secret_is_in_the_state": ("google_cloudfunctions2_function", "this", put([*SERVICE, "environment_variables", "SMTP_PASSWORD"], "x")),
    "every_function_is_as_its_manifest_says": ("google_cloudfunctions2_function", "this", put([*SERVICE, "available_memory"], "128Mi")),
    "every_variable_is_one_that_the_code_reads": ("google_cloudfunctions2_function", "this", put([*SERVICE, "environment_variables", "SOUKMON_TYPO"], "x")),
    "who_is_pushed_to_checks_the_token": ("google_cloudfunctions2_function", "this", put([*SERVICE, "environment_variables", "SOUKMON_PUSH_AUDIENCE"], "https://other.example")),
    "what_ends_is_deleted_and_bodies_are_not_indexed": ("google_firestore_field", "expires_at", put(["ttl_config"], [])),
    "every_query_has_its_index_in_both_directions": ("google_firestore_index", "index", None),
    "stores_are_protected_and_backed_up": ("google_firestore_database", "state", put(["delete_protection_state"], "DELETE_PROTECTION_DISABLED")),
    "buckets_are_private": ("google_storage_bucket", "objects", put(["public_access_prevention"], "inherited")),
    "seals_are_kept_for_years_and_nobody_of_ours_can_take_them_away": ("google_storage_bucket", "seals", put(["retention_policy"], [])),
    "nobody_can_take_a_backup_away": ("google_storage_bucket", "backups", put(["retention_policy"], [])),
    "every_alert_type_has_its_global_trigger": ("google_eventarc_trigger", "firebase_alert", put(["location"], "europe-west1")),
    "every_schedule_is_as_its_manifest_says_and_safe_when_clocks_change": ("google_cloud_scheduler_job", "job", put(["time_zone"], "UTC")),
    "the_watcher_does_not_pass_through_our_functions": ("google_monitoring_notification_channel", "watcher_email", put(["type"], "pubsub")),
    "silence_is_noticed_within_minutes": ("google_monitoring_alert_policy", "heartbeat", put(["conditions", 0, "condition_absent", 0, "duration"], "7200s")),
    "a_heartbeat_is_expected_only_of_what_runs_all_week": ("google_monitoring_alert_policy", "heartbeat", put(["conditions", 0, "condition_absent", 0, "filter"], 'service_name="soukmon-run-game-day"')),
    "no_signed_link_stays_in_the_request_log": ("google_logging_project_exclusion", "signed_links", None),
    "what_the_site_does_becomes_a_signal": ("google_monitoring_alert_policy", "uptime", put(["notification_channels"], [])),
    "our_names_begin_with_soukmon": ("google_pubsub_topic", "dead_letters", put(["name"], "dead")),
    "who_asks_the_warehouse_may_read_what_it_asks_about": ("google_bigquery_dataset_iam_member", "source", None),
}  # fmt: skip


def test_every_policy_has_its_counterexample():
    assert set(TAMPERED) == set(POLICIES)


@pytest.mark.parametrize("policy", TAMPERED)
def test_a_policy_sees_what_breaks_it(applied, policy):
    kind, name, change, *function = TAMPERED[policy]
    state = copy.deepcopy(applied)
    within = f'module.function["{function[0]}"]' if function else ""
    found = next(r for r in state if (r["type"], r["name"]) == (kind, name) and r["address"].startswith(within))
    state.remove(found) if change is None else change(found["values"])
    assert list(POLICIES[policy](estate("production", state, workbench.ROOT)))
