"""What is kept: pins, bookmarks, algebra, exports."""
