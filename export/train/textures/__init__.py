"""The recipe of the `textures` starter model."""
