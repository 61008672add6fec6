"""Points of a picture pulled to other places."""
