"""The document that a sheet and its key are: nodes, prose turned into nodes, figures."""
