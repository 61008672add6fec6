"""The drawn model."""
