"""What happened: exports in, one warehouse out. Nothing here knows how it is shown."""
