"""Frames of every kind, and joining results to the frame they came from."""
