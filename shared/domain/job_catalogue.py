"""Which jobs there are, and the steps of each in their order; when they run stands in jobs.yaml."""

from collections.abc import Mapping

STEPS: Mapping[str, tuple[str, ...]] = {
    "health_check": ("endpoints", "database", "firebase", "sources"),
    "log_rotation": ("error_logs", "performance_logs", "audit_trail", "expired_data"),
    "backup_verification": ("database", "files", "warehouse", "configuration", "recovery"),
    "backup_integrity_test": ("restore", "consistency", "objectives", "disaster_recovery"),
    "performance_audit": ("bundle", "load_time", "queries", "cdn"),
    "security_scan": ("dependencies", "access", "rules", "certificates", "headers"),
    "database_optimization": ("indexes", "queries", "connections", "storage"),
    "system_audit": ("security", "benchmark", "compliance", "capacity"),
    "dependency_updates": ("patches", "updates", "compatibility", "rollback"),
}
