"""The files of a study: written whole, read back as rows, each with its meaning and its digest."""
