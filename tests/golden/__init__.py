"""A small study whose numbers stand beside the test."""
