"""The welcome page: demos, recipes and recent runs."""
