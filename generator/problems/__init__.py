"""The problems that come with the generator: a file or a folder each, found by walking this one."""
