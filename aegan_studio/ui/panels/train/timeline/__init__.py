"""The timeline below the workspace."""
