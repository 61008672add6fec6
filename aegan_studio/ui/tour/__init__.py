"""The tour: every screen as a picture, in both themes, both languages and three sizes."""
