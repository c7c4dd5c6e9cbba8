"""The problems that come with the generator: one file each, found by walking this folder."""
