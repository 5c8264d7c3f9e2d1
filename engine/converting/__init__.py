"""Bringing a model: the parent's end of a conversion. No torch, no ONNX Runtime, nothing of `export`."""
