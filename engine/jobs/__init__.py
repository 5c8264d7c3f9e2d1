"""Batches: a table of recipes with file names, a journal that survives any crash, a runner that works through it."""
