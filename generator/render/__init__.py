"""Text from documents: formats, Jinja, escaping, formulas for the browser, QR codes."""
