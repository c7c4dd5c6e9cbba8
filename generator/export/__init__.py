"""Sheets for the platforms where courses live: one tree of plain data for all, and a module that writes it for each."""
