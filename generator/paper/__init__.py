"""One paper: from a sheet and a seed to the document, its files and its record, and back again from the record."""
