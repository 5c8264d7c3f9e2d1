"""Language models in numpy: tokens, sampling, beams."""
