"""Drawings of the whole corpus: what they count, the SVG, and the table with the same numbers."""
