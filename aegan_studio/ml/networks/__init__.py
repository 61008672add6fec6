"""Networks: from a list of layer options to modules, and what can be said without building."""
