"""Which functions and classes a pickle asks for, read from its text in every protocol.

Protocols 0 to 3 write such a name out; from 4 on it is put together from two texts on the stack, which may have been
kept and fetched again. So the stack is followed as `pickletools` describes it, with texts alone on it: nothing runs.
"""

import io
import pickletools
from collections.abc import Iterator
from typing import Any

_MARK, _UNKNOWN = object(), object()
_WRITTEN_OUT = {"GLOBAL", "INST"}
_BY_NUMBER = {"EXT1", "EXT2", "EXT4"}  # Names of a table that every program may fill otherwise.
_TEXTS = {"STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"}
_KEEP = {"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"}
_FETCH = {"GET", "BINGET", "LONG_BINGET"}


def calls_in(program: io.BytesIO | bytes) -> Iterator[str]:
    """Every name in one pickle, as “module.name”; “?” for a part that is no text in it. Leaves a stream where the
    pickle ends. Raises ValueError or IndexError for what is no pickle."""
    followed = _Followed()
    for opcode, argument, _place in pickletools.genops(program):
        if opcode.name in _WRITTEN_OUT:
            yield str(argument).replace(" ", ".", 1)
        elif opcode.name == "STACK_GLOBAL":
            yield ".".join(each if isinstance(each, str) else "?" for each in followed.top_two())
        elif opcode.name in _BY_NUMBER:
            yield f"{opcode.name} {argument}"
        followed.step(opcode, argument)


class _Followed:
    """The stack and what is kept, while a pickle is read."""

    def __init__(self) -> None:
        self.stack: list[object] = []
        self.kept: dict[int, object] = {}

    def top_two(self) -> tuple[object, object]:
        return self.stack[-2], self.stack[-1]

    def step(self, opcode: pickletools.OpcodeInfo, argument: Any) -> None:
        if opcode.name in _KEEP:
            self.kept[len(self.kept) if opcode.name == "MEMOIZE" else int(argument)] = self.stack[-1]
        elif opcode.name in _FETCH:
            self.stack.append(self.kept.get(int(argument), _UNKNOWN))
        elif opcode.name == "DUP":
            self.stack.append(self.stack[-1])
        elif opcode.name in _TEXTS:
            self.stack.append(argument)
        else:
            self._take(opcode.stack_before)
            self.stack.extend(_MARK if each is pickletools.markobject else _UNKNOWN for each in opcode.stack_after)

    def _take(self, kinds: list[pickletools.StackObject]) -> None:
        """Off the stack: as many as are named; where a mark is among them, all down to it and what is named below."""
        if pickletools.markobject in kinds:
            while self.stack.pop() is not _MARK:
                pass
            kinds = kinds[:kinds.index(pickletools.markobject)]
        for _each in kinds:
            self.stack.pop()
