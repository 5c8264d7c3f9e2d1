"""The latent space: seeds to points, mixing, truncation, directions. numpy only."""
