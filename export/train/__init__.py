"""Recipes that made the starter models, and that a designer can run on a folder of their own."""
