"""Ways to move: values, directions, seeds."""
