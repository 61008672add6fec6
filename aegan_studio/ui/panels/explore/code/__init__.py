"""The current code: its picture, what is nearest to it, and two codes side by side."""
