"""Whether a class is treated alike: counted over its records, and shown."""
