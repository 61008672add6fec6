"""The window and everything on it. Qt yes; torch never at import."""
