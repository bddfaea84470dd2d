"""Accounts: staff and judges who sign in."""
