"""A whole class in one run: who is in it, who gets which variant, and how the work is shared out and resumed."""
