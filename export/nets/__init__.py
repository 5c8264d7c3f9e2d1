"""Plain network definitions, one a file."""
