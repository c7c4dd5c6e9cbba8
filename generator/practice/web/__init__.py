"""The page of ``worksheet practice``: a web application for this machine alone."""
