"""Practising in the terminal: questions as text, typed answers, help at a key; the marks are those of the web page."""
