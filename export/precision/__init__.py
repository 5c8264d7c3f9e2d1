"""Smaller forms of a traced graph: half precision that stays in range, eight-bit weights, dead weights left out.

A program of its own (`python -m export.precision REQUEST.json`): it meets ONNX Runtime and never torch.
"""
