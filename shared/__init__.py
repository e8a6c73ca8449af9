"""The library of the monitoring functions; import its submodules, never this package itself."""
