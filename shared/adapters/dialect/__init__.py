"""BigQuery's SQL on DuckDB: what a test shows to give BigQuery's result is translated, the rest refused by name."""
