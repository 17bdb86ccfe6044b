"""LIST: `GET /list-jobs`, the jobs in it, and `limit`."""
