"""The recipe column: cards and forms made from options."""
