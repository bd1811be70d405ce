"""A scenario becomes numbers: everything that is the same in each of its replications."""
