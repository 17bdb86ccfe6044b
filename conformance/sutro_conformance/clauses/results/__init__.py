"""RESULTS: `GET /jobs/{job_id}/results`, and what JSON results hold."""
