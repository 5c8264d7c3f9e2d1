"""How each kind of package runs: one file per family, none importing another. Imports no ONNX Runtime by itself."""
