"""Exploring off the window's thread: requests, answers, and what the panels share."""
