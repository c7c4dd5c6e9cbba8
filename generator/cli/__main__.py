"""``python -m generator.cli`` is ``worksheet``."""

from generator.cli import main

main(prog_name="worksheet")
