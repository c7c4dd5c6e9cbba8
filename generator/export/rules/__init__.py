"""The platforms' rules, as far as they can be checked without them: ``worksheet export TARGET FILE --check``."""
