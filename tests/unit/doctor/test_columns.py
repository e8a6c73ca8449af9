"""The columns that our views read are read off the views themselves, and what another schema lacks is named."""

import pytest

from infra.tools.doctor.columns import SCHEMAS, differences, read_columns
from infra.tools.estate import EXPORTS


def flat(fields, within=""):
    for field in fields:
        if field.get("fields"):
            yield from flat(field["fields"], f"{within}{field['name']}.")
        else:
            yield f"{within}{field['name']}"


READ = {
    "requests": ("insertId", "httpRequest.latency", "resource.labels.service_name"),
    "web_errors": ("errorGroups.id", "jsonPayload.exception_type", "labels.session_id"),
    "analytics": ("event_params.value.int_value", "geo.country", "ecommerce.transaction_id"),
    "crashes": ("issue_id", "application.display_version", "received_timestamp"),
    "crashes_realtime": ("issue_id", "firebase_session_id"),
    "app_sessions": ("session_id", "operating_system.name"),
    "performance": ("trace_info.duration_us", "network_info.response_code"),
}
NOT_READ = {
    "requests": ("httpRequest.requestSize", "trace"),
    "web_errors": ("labels.os_name",),
    "analytics": ("user_id", "device.category", "table_suffix", "session"),
    "crashes": ("device.model",),
}


def test_every_export_has_a_schema_to_be_held_against():
    assert set(SCHEMAS) == set(EXPORTS)


@pytest.mark.parametrize("export", READ)
def test_what_is_read_and_nothing_else_is_wanted(export):
    wanted = set(flat(read_columns(export)))
    assert wanted >= set(READ[export])
    assert wanted.isdisjoint(NOT_READ.get(export, ()))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([{"name": "at", "type": "TIMESTAMP"}, {"name": "n", "type": "INT64"}], []),
        (
            [{"name": "AT", "type": "TIMESTAMP"}, {"name": "n", "type": "INTEGER"}, {"name": "more", "type": "STRING"}],
            [],
        ),
        ([{"name": "at", "type": "TIMESTAMP"}], ["column n is missing"]),
        ([{"name": "at", "type": "DATE"}, {"name": "n", "type": "INTEGER"}], ["column at is DATE, not TIMESTAMP"]),
        (
            [{"name": "at", "type": "TIMESTAMP"}, {"name": "n", "type": "INTEGER", "mode": "REPEATED"}],
            ["column n is REPEATED INTEGER, not INTEGER"],
        ),
    ],
)
def test_what_a_schema_lacks_is_named(found, told):
    wanted = [{"name": "at", "type": "TIMESTAMP", "mode": "NULLABLE"}, {"name": "n", "type": "INTEGER"}]
    assert list(differences(wanted, found)) == told


def test_what_a_record_lacks_is_named_by_its_path():
    wanted = [{"name": "geo", "type": "RECORD", "fields": [{"name": "country", "type": "STRING"}]}]
    found = [{"name": "geo", "type": "RECORD", "fields": []}]
    assert list(differences(wanted, found)) == ["column geo.country is missing"]
