"""The embedded warehouse as an installation would find it: the exports' tables, our own, and the views over both."""
