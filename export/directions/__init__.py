"""Directions found at conversion, from weights (SeFa) or from samples (PCA), and the cloud they move in; numpy only."""
