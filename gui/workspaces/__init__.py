"""Workspaces: widgets put together and wired to the session and the engine."""
