"""What a distance costs: vendor, floor and client over links of several lengths."""
