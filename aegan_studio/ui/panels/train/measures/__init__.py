"""What is measured on held-out data."""
