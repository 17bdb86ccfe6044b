"""What the API says: jobs, pages, statuses, times, tables and shapes, as a verifier reads them."""
