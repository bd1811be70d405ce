"""The sections of the page, each from the study's files."""
