"""Questions that take more than one study to answer: how much more, and what the next dollar buys."""
