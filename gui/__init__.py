"""The studio: the Qt application. It shows recipes and pictures; models run in the engine child, never here."""
