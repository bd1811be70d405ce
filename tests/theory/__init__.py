"""Does the model give the numbers that are known? Scenario files in, exact values or tested means out."""
