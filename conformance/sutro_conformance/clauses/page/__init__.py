"""PAGE: pages of `GET /list-jobs`, and their cursors."""
