"""The store that presigned URLs of results lead to: another origin, as in the field."""
