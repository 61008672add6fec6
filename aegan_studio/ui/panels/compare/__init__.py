"""The Compare workspace: two experiments trained side by side."""
