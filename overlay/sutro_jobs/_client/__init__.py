"""The two clients, `Sutro` and `AsyncSutro`, and what they share."""
