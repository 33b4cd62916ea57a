"""Work ahead in another thread, with little in hand: decode, compute and encode side by side in flat memory."""

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
# How often a thread that waits looks whether it should stop, in seconds.
_LOOK = 0.1


class _End:
    def __init__(self, error: BaseException | None) -> None:
        self.error = error


@contextmanager
def ahead(items: Iterable[Item], in_hand: int = 2) -> Iterator[Iterator[Item]]:
    """Iterate `items` in a thread of its own, at most `in_hand` of them waiting.

    An error there is raised here, where it would have been. Leaving the block stops and joins the thread, whatever
    happened; the iterator is closed in its own thread.
    """
    waiting: queue.Queue[Item | _End] = queue.Queue(in_hand)
    stop = threading.Event()
    worker = threading.Thread(target=_work, args=(items, waiting, stop), name="ahead", daemon=True)
    worker.start()
    try:
        yield _taken(waiting)
    finally:
        stop.set()
        worker.join()


def _work(items: Iterable[Item], waiting: "queue.Queue[Item | _End]", stop: threading.Event) -> None:
    iterator, error = iter(items), None
    try:
        for item in iterator:
            if not _put(item, waiting, stop):
                return
    except BaseException as raised:  # noqa: BLE001 (raised again by whoever takes the items)
        error = raised
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            close()
    _put(_End(error), waiting, stop)


def _put(item: Item | _End, waiting: "queue.Queue[Item | _End]", stop: threading.Event) -> bool:
    while not stop.is_set():
        try:
            waiting.put(item, timeout=_LOOK)
        except queue.Full:
            continue
        return True
    return False


def _taken(waiting: "queue.Queue[Item | _End]") -> Iterator[Item]:
    while True:
        item = waiting.get()
        if isinstance(item, _End):
            if item.error is not None:
                raise item.error
            return
        yield item
