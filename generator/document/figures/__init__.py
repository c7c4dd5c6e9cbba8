"""Drawings: described by meaning, laid out to a scene, printed as LaTeX and as SVG."""
