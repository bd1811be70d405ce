"""What a reader is told: topics in two languages, whose tables are read off the format and the registry."""
