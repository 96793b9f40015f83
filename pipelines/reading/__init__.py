"""Files as they come: unpacked, decoded, and the tables in them found."""
