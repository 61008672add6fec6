"""Panels of live views that a person adds: what goes on inside a model."""
