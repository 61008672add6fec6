"""The train workspace: the drawn model, pictures, the plane, loss plots."""
