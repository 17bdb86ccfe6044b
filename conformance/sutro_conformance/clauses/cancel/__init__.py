"""CANCEL: `/job-cancel/{job_id}`. Needs leave."""
