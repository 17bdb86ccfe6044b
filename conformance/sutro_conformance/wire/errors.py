"""What keeps a request, or a whole run, from being made."""


class CouldNotRunError(Exception):
    """The server cannot be judged: it cannot be reached, or the key given is refused."""


class UnstableError(Exception):
    """The network or a proxy failed, so that nothing is known about the server."""


class UnsendableError(Exception):
    """The request cannot be written as HTTP."""


class OutOfTimeError(Exception):
    """The time budget of the run is used up."""


class NotAllowedError(Exception):
    """The request would change something that the run has no leave to change."""


class DisturbedError(Exception):
    """One attempt to send a request failed on the way, or the answer took too long."""


class BrokenOffError(DisturbedError):
    """The server answered, and its answer is not HTTP, is too large, or ends before it is whole."""
