"""Which YAML files there are, each with its shape, and how to write what does not fit."""

from shared.config import (
    backups_wire,
    breach_wire,
    diagnosing_wire,
    jobs_wire,
    maintenance_wire,
    post_mortems_wire,
    procedures_wire,
    reports_wire,
    security_wire,
    status_wire,
    wire,
)

FILES: dict[str, type[wire.Strict]] = {
    "rules": wire.RulesFile,
    "severities": wire.SeveritiesFile,
    "escalation": wire.EscalationFile,
    "oncall": wire.OncallFile,
    "channels": wire.ChannelsFile,
    "metrics": wire.MetricsFile,
    "calendars": wire.CalendarsFile,
    "countries": wire.CountriesFile,
    "noise": wire.NoiseFile,
    "maintenance": maintenance_wire.MaintenanceFile,
    "procedures": procedures_wire.ProceduresFile,
    "diagnostics": diagnosing_wire.DiagnosticsFile,
    "services": diagnosing_wire.ServicesFile,
    "status": status_wire.StatusFile,
    "post_mortems": post_mortems_wire.PostMortemsFile,
    "breach": breach_wire.BreachFile,
    "slos": reports_wire.SlosFile,
    "dashboards": reports_wire.DashboardsFile,
    "reports": reports_wire.ReportsFile,
    "written": reports_wire.WrittenFile,
    "jobs": jobs_wire.JobsFile,
    "security": security_wire.SecurityFile,
    "backups": backups_wire.BackupsFile,
}

HOW_TO_WRITE = {
    **wire.HOW_TO_WRITE,
    **maintenance_wire.HOW_TO_WRITE,
    **procedures_wire.HOW_TO_WRITE,
    **diagnosing_wire.HOW_TO_WRITE,
    **status_wire.HOW_TO_WRITE,
    **post_mortems_wire.HOW_TO_WRITE,
    **reports_wire.HOW_TO_WRITE,
    **security_wire.HOW_TO_WRITE,
}
