"""The money: the ledger, allocation rules, and what a planner knows."""
