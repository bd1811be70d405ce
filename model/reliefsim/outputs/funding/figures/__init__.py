"""The figures that a donor reads in ten seconds."""
