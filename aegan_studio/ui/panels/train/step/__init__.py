"""One step at a time: menu, desk and slow motion."""
