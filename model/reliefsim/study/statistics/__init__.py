"""Numbers of many runs become estimates, intervals, differences, and what they vary with."""
