"""The Learn workspace: lessons in which two runs stand side by side."""
