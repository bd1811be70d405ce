"""Many runs, in as many processes as are wanted, kept as they come."""
