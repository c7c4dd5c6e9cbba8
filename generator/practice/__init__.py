"""Practising: fresh variants, answers marked at once, progress kept; for the page and the terminal alike."""
