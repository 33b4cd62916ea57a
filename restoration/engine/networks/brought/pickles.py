"""What a .pth file would run when it is opened.

Such a file is a pickle, a small program that may call any function of any module. Weights need a handful: those that
put tensors together. Every other name in it is a reason to leave the file alone. The names are read from the program's
text (`calls`), which runs none of it.
"""

import io
import lzma
import pickletools
import zipfile
import zlib
from collections.abc import Iterator

from restoration.engine.errors import WeightsError, gettext_noop
from restoration.engine.networks.brought.calls import calls_in

DAMAGED = gettext_noop("“{file}” is damaged, or is no file of weights. It was not opened.")
ARCHIVE = gettext_noop("“{file}” is an archive. Unpack it, and bring the .pth or .safetensors file that is in it.")
_STORAGES = ("Float", "Half", "BFloat16", "Double", "Int", "Long", "Short", "Char", "Byte", "Bool")
ALLOWED = frozenset({
    "collections.OrderedDict", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter", "torch.Size",
    "torch.device", *(f"torch.{kind}Storage" for kind in _STORAGES)})
_OPENED = {2, 3}  # The protocols that torch reads as tensors alone; it writes the second unless told otherwise.
_LEGACY_PICKLES = 5  # Magic number, version, system, the object, the keys of its storages (torch before 1.6).
_LARGEST_PROGRAM, _LARGEST_FIRST = 64 * 1024**2, 1024**2
_IS_ZIP, _IS_PICKLE = b"PK\x03\x04", b"\x80"
_ENCRYPTED = 0x41  # Flags of an entry: by a password, by the stronger kind.
_SPOILT = (ValueError, IndexError, EOFError, OSError, NotImplementedError, zipfile.BadZipFile, zlib.error,
           lzma.LZMAError)


def looks_pickled(data: bytes) -> bool:
    """By its first bytes; protocols 0 and 1 begin with anything, so the first program must be one to its end."""
    return data.startswith((_IS_ZIP, _IS_PICKLE)) or _protocol_of(data[:_LARGEST_FIRST]) is not None


def refuse_programs(data: bytes, name: str) -> None:
    """Raises WeightsError for a pickled file that would run anything but put tensors together, one that is locked or
    damaged, and one of a protocol that is not opened."""
    try:
        protocols = {_checked(program, name) for program in _programs(data, name)}
    except _SPOILT as error:
        raise WeightsError(DAMAGED, file=name) from error
    if not protocols <= _OPENED:
        raise WeightsError(gettext_noop("“{file}” was saved with pickle protocol {protocol}, which is not opened here. "
                                        "Save it with torch.save as that does by itself, or as .safetensors."),
                           file=name, protocol=max(protocols - _OPENED))


def _programs(data: bytes, name: str) -> Iterator[bytes]:
    if not data.startswith(_IS_ZIP):
        stream = io.BytesIO(data)
        for _ in range(_LEGACY_PICKLES):
            start = stream.tell()
            for _opcode in pickletools.genops(stream):  # Leaves the stream where the next one begins.
                pass
            yield data[start:stream.tell()]
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        _refuse_other_archives(entries, name)
        for entry in entries:
            if entry.filename.endswith(".pkl"):
                if entry.file_size > _LARGEST_PROGRAM:
                    raise ValueError
                yield archive.read(entry)


def _refuse_other_archives(entries: list[zipfile.ZipInfo], name: str) -> None:
    if any("/code/" in entry.filename or entry.filename.endswith("constants.pkl") for entry in entries):
        raise WeightsError(gettext_noop("“{file}” is a whole program (TorchScript), not weights. It was not opened."),
                           file=name)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise WeightsError(gettext_noop("“{file}” is locked with a password. Bring it without one."), file=name)
    if not any(entry.filename.endswith(".pkl") for entry in entries):
        raise WeightsError(ARCHIVE, file=name)


def _checked(program: bytes, name: str) -> int:
    """Its protocol, once every name in it was looked at."""
    for code in calls_in(program):
        if code not in ALLOWED:
            raise WeightsError(gettext_noop("“{file}” wants to run “{code}” when it is opened, which weights never "
                                            "need. It was not opened."), file=name, code=code[:100])
    protocol = _protocol_of(program)
    if protocol is None:
        raise ValueError
    return protocol


def _protocol_of(program: bytes) -> int | None:
    """The newest that it names or uses. None for what is no pickle."""
    said = 0
    try:
        for opcode, argument, _place in pickletools.genops(program):
            said = max(said, opcode.proto, argument if opcode.name == "PROTO" and argument else 0)
    except (ValueError, IndexError, EOFError):
        return None
    return said
