"""What is written about time, to instants in UTC and to seconds."""
