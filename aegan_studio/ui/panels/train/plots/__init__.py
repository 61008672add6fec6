"""Live plots of losses, shares and gradients."""
