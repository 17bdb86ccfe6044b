"""Running a flow of the client without a network and without a clock."""

from collections.abc import Iterable
from typing import TypeVar

from sutro_jobs._requests.flow import Flow, Response, RunBlocking, Send, Sleep

T = TypeVar("T")


def pauses(flow: Flow[T], responses: Iterable[Response]) -> list[float]:
    """Run a flow to its end; return the seconds of each pause that it asks for."""
    left, waits = iter(responses), list[float]()
    answer: object = None
    try:
        while True:
            effect = flow.send(answer)
            answer = None
            if isinstance(effect, Send):
                answer = next(left)
            elif isinstance(effect, Sleep):
                waits.append(effect.seconds)
            elif isinstance(effect, RunBlocking):
                answer = effect.function()
    except StopIteration:
        return waits
