"""Speed and memory, measured as ratios to what DuckDB needs for the plainest form of the work."""
