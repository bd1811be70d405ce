"""Broken scenarios, and what their author must read."""
