"""What the warehouse holds: our tables, the views over the exports, and every query, all in BigQuery's own SQL."""
