"""What a study leaves for people to read: tables, figures, the terminal."""
