"""The recipe of the prompt encoder: published MiniLM weights as a small graph of eight bits."""
