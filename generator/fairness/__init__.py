"""Is a class treated alike?  Counted over its records, and shown."""
