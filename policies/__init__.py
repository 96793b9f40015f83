"""What was promised: calendars, service levels, the priority matrix, targets and definitions."""
