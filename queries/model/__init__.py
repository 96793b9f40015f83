"""The tables that every metric stands on, built once per load, in the order of their files."""
