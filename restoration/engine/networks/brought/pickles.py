"""What a .pth file would run when it is opened.

Such a file is a pickle, a small program that may call any function of any module. Weights need a handful: those that
put tensors together. Every other name in it is a reason to leave the file alone. The names are read from the program's
text (`pickletools`), which runs none of it.
"""

import io
import pickletools
import zipfile
from collections.abc import Iterator

from restoration.engine.errors import WeightsError, gettext_noop

_STORAGES = ("Float", "Half", "BFloat16", "Double", "Int", "Long", "Short", "Char", "Byte", "Bool")
ALLOWED = frozenset({
    "collections.OrderedDict", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter", "torch.Size",
    "torch.device", *(f"torch.{kind}Storage" for kind in _STORAGES)})
_NAMED = {"GLOBAL", "INST"}  # Their argument is the name.
_UNTOLD = {"STACK_GLOBAL", "EXT1", "EXT2", "EXT4"}  # Theirs is put together while it runs; torch writes none of them.
_LEGACY_PICKLES = 5  # Magic number, version, system, the object, the keys of its storages (torch before 1.6).
_LARGEST_PROGRAM = 64 * 1024**2
_IS_ZIP, _IS_PICKLE = b"PK\x03\x04", b"\x80"


def looks_pickled(data: bytes) -> bool:
    return data.startswith((_IS_ZIP, _IS_PICKLE))


def refuse_programs(data: bytes, name: str) -> None:
    """Raises WeightsError for a pickled file that would run anything but put tensors together."""
    try:
        for program in _programs(data, name):
            _refuse_code(program, name)
    except (ValueError, zipfile.BadZipFile, NotImplementedError, EOFError, IndexError) as error:
        raise WeightsError(gettext_noop("“{file}” is damaged, or is no file of weights. It was not opened."),
                           file=name) from error


def _programs(data: bytes, name: str) -> Iterator[io.BytesIO | bytes]:
    if not data.startswith(_IS_ZIP):
        stream = io.BytesIO(data)
        for _ in range(_LEGACY_PICKLES):  # Each reader leaves the stream where the next one begins.
            yield stream
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if any("/code/" in entry.filename or entry.filename.endswith("constants.pkl") for entry in entries):
            raise WeightsError(gettext_noop("“{file}” is a whole program (TorchScript), not weights. It was not "
                                            "opened."), file=name)
        for entry in entries:
            if entry.filename.endswith(".pkl"):
                if entry.file_size > _LARGEST_PROGRAM:
                    raise ValueError
                yield archive.read(entry)


def _refuse_code(program: io.BytesIO | bytes, name: str) -> None:
    texts: list[str] = []
    for opcode, argument, _ in pickletools.genops(program):
        if isinstance(argument, str):
            texts = [*texts[-1:], argument]
        if opcode.name in _NAMED:
            code = str(argument).replace(" ", ".")
        elif opcode.name in _UNTOLD:
            code = ".".join(texts) or opcode.name
        else:
            continue
        if code not in ALLOWED or opcode.name in _UNTOLD:
            raise WeightsError(gettext_noop("“{file}” wants to run “{code}” when it is opened, which weights never "
                                            "need. It was not opened."), file=name, code=code[:100])
