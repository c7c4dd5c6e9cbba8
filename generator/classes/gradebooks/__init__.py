"""A class's points, as the gradebooks of learning platforms take them."""
