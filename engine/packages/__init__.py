"""Packages on disk: the manifest, its verification, the shelf of installed ones. Imports no ONNX Runtime."""
