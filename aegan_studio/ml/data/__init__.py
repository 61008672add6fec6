"""Datasets: loading, splitting, scaling and the order of batches."""
