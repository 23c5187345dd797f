"""Shipped rules: accounts, channels, settings."""
