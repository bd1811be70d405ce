"""Numbers, dates, intervals and answers become words."""
