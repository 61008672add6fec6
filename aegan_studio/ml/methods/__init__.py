"""Training algorithms: one file each, losses in the symbols of their papers."""
