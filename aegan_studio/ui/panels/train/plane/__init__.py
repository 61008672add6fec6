"""The plane, for points: what is seen on it, and the noise beside it."""
