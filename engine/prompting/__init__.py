"""How prompts are written: weights, alternatives that the seed draws, sliders between two wordings. No model in it."""
