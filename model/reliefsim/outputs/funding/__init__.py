"""A study with the fundraiser's numbers becomes the tables, the text and the figures that a donor asks for."""
