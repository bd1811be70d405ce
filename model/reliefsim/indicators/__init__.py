"""One run's facts become named numbers."""
