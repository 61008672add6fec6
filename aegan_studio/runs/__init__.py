"""Runs on disk: the folder of one run and the list of many. Neither torch nor Qt."""
