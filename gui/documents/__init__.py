"""Documents of the studio: the history that grows while one works, the files it is saved in, and what compares it."""
