"""Requests and responses as they went over the wire, and the target they went to."""
