"""The models: data, networks, methods and the trainer. Imports torch, never Qt."""
