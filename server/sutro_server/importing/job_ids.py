"""Job IDs that every client can ask for."""

# A file of results is named after its job; with an ending, names of files have 255 bytes.
_LONGEST = 200


def check_job_id(job_id: str) -> None:
    """Refuse an ID that cannot stand in a URL or in the name of a file.

    Raises:
        ValueError: The ID cannot.
    """
    if job_id in ("", ".", "..") or not {"/", "\\", "\0"}.isdisjoint(job_id):
        raise ValueError(f"'{job_id}' cannot stand in a URL as the ID of a job.")
    try:
        length = len(job_id.encode())
    except UnicodeEncodeError as error:
        raise ValueError("The ID of a job holds half a character.") from error
    if length > _LONGEST:
        raise ValueError(f"The ID of a job is longer than {_LONGEST} bytes: {job_id[:40]}…")
