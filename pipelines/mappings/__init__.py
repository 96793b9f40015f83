"""Files that no source knows: a mapping of their columns, proposed, tried out and kept."""
