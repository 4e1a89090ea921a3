"""A figure as the bytes of a file: the same bytes on every run, and its story in its metadata."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from matplotlib.figure import Figure

from quidqual.plots.style import styled
from quidqual.study.arguments import one_of

FORMATS = ("svg", "pdf", "png", "eps", "tiff")
_DSC = 240  # characters: a line of PostScript's comments may have 255
_CLOCK = re.compile(rb"\n%%CreationDate: [^\n]*")  # of PostScript: it must not move
_COMMENTS = re.compile(r"\s*<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Story:
    """What a file says about itself."""

    name: str
    title: str
    alt: str
    provenance: Mapping[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """Provenance in one line."""
        return "; ".join(f"{key}: {value}" for key, value in self.provenance.items())


def render(figure: Figure, kind: str, *, story: Story, dpi: int = 300) -> bytes:
    """Draw a figure into the bytes of one file format.

    Parameters
    ----------
    figure : Figure
    kind : {"svg", "pdf", "png", "eps", "tiff"}
    story : Story
        Goes into the metadata of the file.
    dpi : int
        Resolution of pixels.

    Raises
    ------
    QuidqualError
        For a format that is none of these.
    """
    writers = {"svg": _svg, "pdf": _pdf, "png": _png, "eps": _eps, "tiff": _tiff}
    one_of(kind, FORMATS, field="formats")
    with styled():
        return writers[kind](figure, story, dpi)


def _saved(figure: Figure, kind: str, **settings: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, bbox_inches=None, **settings)
    return buffer.getvalue()


def _svg(figure: Figure, story: Story, dpi: int) -> bytes:
    metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
    drawn = _saved(figure, "svg", dpi=dpi, metadata={**metadata, "Source": story.line()})
    # The comments repeat every label as plain text beside its outline; nothing reads them.
    text = _COMMENTS.sub("", drawn.decode("utf-8"))
    names = f"{story.name}-title", f"{story.name}-desc"
    told = (
        f'<title id="{names[0]}">{escape(story.title)}</title>\n'
        f' <desc id="{names[1]}">{escape(story.alt)}</desc>'
    )
    opening = re.search(r"<svg\b[^>]*>", text)
    assert opening is not None, "matplotlib wrote no <svg> element"
    role = f'{opening[0][:-1]} role="img" aria-labelledby="{names[0]} {names[1]}">'
    return f"{text[: opening.start()]}{role}\n {told}{text[opening.end() :]}".encode()


def _pdf(figure: Figure, story: Story, dpi: int) -> bytes:
    metadata = {
        "Title": story.title,
        "Subject": story.alt,
        "Keywords": story.line(),
        "Creator": "quidqual",
        "CreationDate": None,
    }
    return _with_xmp(_saved(figure, "pdf", dpi=dpi, metadata=metadata), story)


def _with_xmp(drawn: bytes, story: Story) -> bytes:
    """Add the XMP packet that publishers' programs read, if pikepdf is installed."""
    try:
        import pikepdf
    except ImportError:
        return drawn
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            xmp["dc:title"] = story.title
            xmp["dc:description"] = story.alt
            xmp["dc:source"] = story.line()
            xmp["xmp:CreatorTool"] = "quidqual"
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True, fix_metadata_version=False)
    return buffer.getvalue()


def _png(figure: Figure, story: Story, dpi: int) -> bytes:
    metadata = {
        "Software": None,
        "Title": story.title,
        "Description": story.alt,
        "Source": story.line(),
    }
    return _saved(figure, "png", dpi=dpi, metadata=metadata)


def _eps(figure: Figure, story: Story, dpi: int) -> bytes:
    drawn = _saved(figure, "eps", dpi=dpi, metadata={"Creator": "quidqual"})
    # PostScript comments are one line of ASCII; the story stands where DSC readers look for it.
    title, line = (
        " ".join(text.encode("ascii", "backslashreplace").decode("ascii").split())
        for text in (story.title, story.line())
    )
    room = max(_DSC - len(line) - 2, 0)  # a long caption gives way, never the provenance
    told = f"{title[:room]}. {line}"[-_DSC:]
    dated = f"\n%%Title: {told}\n%%CreationDate: Thu Jan 01 00:00:00 1970".encode()
    return _CLOCK.sub(lambda _: dated, drawn, count=1)


def _tiff(figure: Figure, story: Story, dpi: int) -> bytes:
    """Write a TIFF as printers take it: RGB without alpha, LZW."""
    from PIL import Image
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    tags = ImageFileDirectory_v2()
    told = f"{story.title}. {story.alt} {story.line()}"
    tags[270] = told.encode("ascii", "backslashreplace").decode("ascii")  # ImageDescription
    with Image.open(io.BytesIO(_png(figure, story, dpi))) as picture:
        flat = picture.convert("RGB")
    buffer = io.BytesIO()
    flat.save(buffer, "TIFF", compression="tiff_lzw", dpi=(dpi, dpi), tiffinfo=tags)
    return buffer.getvalue()
