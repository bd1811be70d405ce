"""Small operations worked by hand: who is served when, and who pays how many cents."""
