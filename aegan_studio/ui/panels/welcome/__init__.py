"""The welcome page: recipes and recent runs."""
