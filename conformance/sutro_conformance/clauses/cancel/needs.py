"""What clauses on cancelling rest on, and what they need."""

from ...scenarios.cancelling import LEAVE

EVIDENCE = "Evidence, 4. cancel"
NEEDS_ACTIVE = f"{LEAVE}, and an active job"
NEEDS_ENDED = f"{LEAVE}, and a job that has ended"
