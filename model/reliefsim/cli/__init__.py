"""What is typed becomes a call of the model; the model is imported inside the commands."""
