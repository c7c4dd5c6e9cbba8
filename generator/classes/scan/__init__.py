"""The way back from paper: scanned pages, sorted by the codes in their feet."""
