"""Reads model files of others without running a line of what is in them: numpy only, no torch."""
