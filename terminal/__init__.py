"""How it is printed: everything that the terminal door shows and a page does not."""
