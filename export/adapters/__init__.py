"""One adapter an architecture: told from the names and shapes of the weights, rebuilt with sizes read from them."""
