"""What an installation costs in a month, on paper: counted where it can be counted, and priced from one list."""
