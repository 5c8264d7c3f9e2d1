"""The only importer of ONNX Runtime: providers, sessions, cancelling. Nothing is imported here on purpose."""
