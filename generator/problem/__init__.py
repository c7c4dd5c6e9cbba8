"""A problem: how its numbers are drawn, how it is solved, what goes wrong in it, and how its key is audited."""
