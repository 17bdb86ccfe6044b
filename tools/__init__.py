"""Tools of those who work on the house; nothing here is installed."""
