"""How fast the model is: by pytest-benchmark, never in a timed test."""
