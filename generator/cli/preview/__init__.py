"""The page of ``worksheet preview``: a problem or a sheet as it is while its author edits it."""
