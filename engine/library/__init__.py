"""The catalogue of everything that a person kept: what it is, how it was made, what was said about it.

It belongs to the process that serves the person, the studio or the command line; the engine child never opens it.
"""
