"""Drawing one's own points: the editor of the drawn dataset."""
