"""The panels of the workspaces; each knows only the document and the session."""
