"""Training off the window's thread: the session, its threads and its history."""
