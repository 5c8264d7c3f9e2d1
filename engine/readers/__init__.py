"""A person's own files, read with suspicion, in the engine child; a home of Pillow beside the writers."""
