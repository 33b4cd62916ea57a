"""What a file is by its first bytes, and what to say of one that is no file of weights at all."""

from restoration.engine.errors import WeightsError, gettext_noop
from restoration.engine.networks.brought.pickles import ARCHIVE, looks_pickled, refuse_programs

_EMPTY = gettext_noop("“{file}” is empty. Fetch it again from where it came.")
_PICTURE = gettext_noop("“{file}” is a picture, not weights. Choose the .pth or .safetensors file.")
_PAGE = gettext_noop("“{file}” is a web page, not weights. Fetch the file itself and bring that.")
_POINTER = gettext_noop("“{file}” only says where the weights lie (a pointer of Git LFS). Fetch the file itself and "
                        "bring that.")
_OTHER = gettext_noop("“{file}” is neither a .pth nor a .safetensors file. It was not opened.")
_BEGINNINGS = (
    (b"\x89PNG\r\n", _PICTURE), (b"\xff\xd8\xff", _PICTURE), (b"GIF8", _PICTURE),
    (b"version https://git-lfs", _POINTER), (b"<!doctype html", _PAGE), (b"<html", _PAGE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE), (b"rar!", ARCHIVE), (b"\x1f\x8b", ARCHIVE), (b"\xfd7zxz", ARCHIVE),
    (b"bzh", ARCHIVE), (b"\x28\xb5\x2f\xfd", ARCHIVE))
_HEADER_FROM = 8  # Before it a safetensors file says how long its header is, an object of JSON.


def is_pickled(data: bytes, name: str) -> bool:
    """Whether it is a .pth file, and not .safetensors. Raises WeightsError, before anything of it is loaded, for what
    is neither, named as what it is, and for a .pth file that would run something."""
    if _fits_safetensors(data):
        return False
    if looks_pickled(data):
        refuse_programs(data, name)
        return True
    if data[_HEADER_FROM:_HEADER_FROM + 1] != b"{":
        raise WeightsError(_told(data), file=name)
    return False


def _fits_safetensors(data: bytes) -> bool:
    """Its length may begin with the very byte with which pickles do."""
    end = _HEADER_FROM + int.from_bytes(data[:_HEADER_FROM], "little")
    return data[_HEADER_FROM:_HEADER_FROM + 1] == b"{" and end <= len(data)


def _told(data: bytes) -> str:
    if not data:
        return _EMPTY
    beginning = data[:256].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((text for mark, text in _BEGINNINGS if beginning.startswith(mark.lower())), _OTHER)
