"""The rules of platforms that can be checked without them."""
