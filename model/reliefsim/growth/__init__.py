"""Counts of the displaced become paths that they may take, with a spread learned from other crises."""
