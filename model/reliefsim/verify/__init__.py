"""A study folder becomes a verdict: its files against their digests, its numbers against the model, run again."""

from .verdict import Verdict, verify

__all__ = ["Verdict", "verify"]
