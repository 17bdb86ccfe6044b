"""STATUS: `GET /job-status/{job_id}`."""
