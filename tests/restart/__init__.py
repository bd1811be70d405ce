"""From where we are: a run that begins in the middle of an operation."""
