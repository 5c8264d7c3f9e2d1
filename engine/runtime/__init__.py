"""The only importer of ONNX Runtime: providers, sessions, cancelling. Nothing is imported here on purpose.

The process that uses it sets OPENBLAS_NUM_THREADS=1 (and its kin) before numpy is imported: the resampling of glyphs is
many small products, where a pool of BLAS threads costs more than it brings and spins beside ONNX Runtime's threads.
"""
