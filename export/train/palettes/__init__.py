"""The recipe of `palettes`: a reader of prompts, and a judge of palettes."""
