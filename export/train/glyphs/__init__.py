"""The recipe of the `glyphs` package: free Latin fonts in, a style model of whole alphabets out."""
