"""PyTorch checkpoints and training recipes become packages here; the studio itself never needs this part."""
