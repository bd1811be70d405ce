"""What holds in every run of every scenario, re-checked from the facts alone."""
