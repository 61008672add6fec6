"""The kit of reusable widgets. Import each from its own module; none knows of experiments."""
