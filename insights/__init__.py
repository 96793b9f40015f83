"""What it means: statistics that SQL should not do."""
