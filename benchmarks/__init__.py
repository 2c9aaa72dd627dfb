"""Measurements behind the numbers in README and docs: `python -m benchmarks [NAME ...]`.

Each module with a `main()` is one measurement. It prints what it measured, on which machine, and
for each goal whether it was met.
"""
