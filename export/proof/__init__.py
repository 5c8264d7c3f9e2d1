"""The proof: every graph runs in ONNX Runtime on the inputs that torch was given, and is compared number by number.

A program of its own (`python -m export.proof REQUEST.json`): torch and ONNX Runtime never share a process.
"""
