"""A small language model for names of colours and products, slogans and headlines."""
