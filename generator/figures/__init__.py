"""Drawings: described by meaning, laid out to a scene, printed as TikZ and as SVG."""
