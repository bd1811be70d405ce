"""How the project is built: what imports what, what is shipped, where numbers come from."""
