"""The example suites' rows, one module a suite; examples/generate.py writes them."""
