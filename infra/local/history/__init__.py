"""Generated history: invented traffic of a marketplace of realistic size and shape, never measured data."""

GENERATED = True
NOTE = "Generated data: invented traffic for trying the monitoring out. None of it was measured."
