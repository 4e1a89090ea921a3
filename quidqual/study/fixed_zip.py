"""Zip files that are the same bytes for the same content: no clock, no order of chance."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def packed(files: Mapping[str, bytes]) -> bytes:
    """Zip files in the order given, with fixed dates and rights.

    Examples
    --------
    >>> packed({"a.txt": b"a"}) == packed({"a.txt": b"a"})
    True
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, date_time=_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return stream.getvalue()


def repacked(data: bytes) -> bytes:
    """Take the clock out of an office file that a library has just written."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    core = "docProps/core.xml"
    if core in files:
        files[core] = _CLOCK.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", files[core])
    return packed(files)
