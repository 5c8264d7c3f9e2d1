"""Widgets: values in, signals out. They know neither the session nor the engine."""
