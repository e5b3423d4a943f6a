"""How generated files get onto the disk: all at once, and never over what a person wrote."""
