"""Measurements of the client side by side with the vendor's SDK and with the physical floor."""
