"""Where the arithmetic happens, and how many threads it may use.

Measured on two cores of an AMD EPYC (AVX-512), torch 2.13, planes of 3x480x720 float32: keeping freed memory in the
process instead of returning it to the system makes an addition 9 times faster (9.1 -> 1.0 ms) and a 1x5 convolution
4 times (29.5 -> 6.7 ms), because no page has to be mapped anew. float32 is the dtype of pictures everywhere: bfloat16
would lose the 10 bits that they have, and float16 has no fast arithmetic on CPUs. On a GPU the convolutions of networks
are rounded to float16, three times as fast there and 0.01 of 255 off (measured on an H100, docs/performance.md).

How many threads share an operation is torch's own affair: as many as there are cores, or as OMP_NUM_THREADS said before
torch was loaded. Threads that spin while they wait for each other on a busy machine were measured to take ten times as
long, so whoever starts a process sets OMP_WAIT_POLICY=passive before torch is loaded.

What is made of one segment must not depend on who makes it. Every operation the stages use gives each output value
from one thread alone, so one thread and two give the same bits (tests/engine/compute/test_device.py holds them to it);
no scattered additions, no reductions over a whole picture on several threads. Between a CPU and a CUDA device the last
bits differ, and no segment names what made it: where bits matter, the workers of an archive are of one kind.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import torch

_MMAP_MAX, _TRIM_THRESHOLD, _TOP_PAD, _ARENA_MAX = -4, -1, -2, -8


@lru_cache(maxsize=1)
def device() -> torch.device:
    """CUDA where there is one, else the CPU. PATINA_DEVICE ("cpu", "cuda:1") decides otherwise."""
    wanted = os.environ.get("PATINA_DEVICE")
    if wanted:
        return torch.device(wanted)
    return torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu")


@lru_cache(maxsize=1)
def settle() -> None:
    """Prepare this process once: exact float32 on CUDA, freed memory kept. Stages run without it too, only slower."""
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    _keep_freed_memory()


def is_out_of_memory(error: Exception) -> bool:
    """Whether memory ran out, of the card or beside it: on the CPU torch says so in words alone."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and "allocate memory" in str(error))


# What the convolutions of networks are rounded to; elsewhere they stay float32.
ROUNDED = {"cuda": torch.float16}


def rounding(on: torch.device) -> torch.autocast:
    """While inside, networks convolve in the numbers that the device multiplies fastest; what they return may be of
    these."""
    return torch.autocast(on.type, dtype=ROUNDED.get(on.type), enabled=on.type in ROUNDED)


@contextmanager
def one_thread() -> Iterator[None]:
    """While inside, no operation is shared among threads: for many small ones on several threads of our own, which
    torch's threads would only disturb (analysing a 480i tape on two cores: 17 frames a second with them, 25 to 29
    without).
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _keep_freed_memory() -> None:
    """glibc alone has these switches; elsewhere the allocator stays as it is."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)
        mallopt(_MMAP_MAX, 0)
        mallopt(_TRIM_THRESHOLD, (1 << 31) - 1)
        mallopt(_TOP_PAD, 64 << 20)
