"""Colours in numpy: sRGB and OKLab, differences between colours, palettes laid over tones."""
