"""How figures are handed over: PDF, XLSX and HTML of the same content."""
