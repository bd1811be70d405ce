"""What is told of a study, worked out once: terminal, page, workbook, figures and texts only render it."""
