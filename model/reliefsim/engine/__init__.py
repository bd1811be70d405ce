"""One run: a scenario compiled, its world drawn, its money divided, its services delivered, on one SimPy clock."""
