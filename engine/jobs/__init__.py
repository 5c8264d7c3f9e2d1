"""Batches: a table of recipes with file names, a journal that survives any crash, and the runner that works through it."""
