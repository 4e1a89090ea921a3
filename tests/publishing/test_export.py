"""The bundle of a figure: complete, at its final size, the same bytes on every run."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

import quidqual as qq
from quidqual.plots.canvas import drawn
from quidqual.publishing.figure_rules import check_figure
from quidqual.publishing.journals import journal_rules, preset

ALL = ("svg", "pdf", "png", "eps", "tiff")
SVG = "{http://www.w3.org/2000/svg}"

_SCRIPT = """
import sys, pandas as pd, quidqual as qq
import quidqual as qq
table = pd.DataFrame({"code": ["trust", "work"], "round": ["R1", "R1"], "k": [2, 0], "n": [4, 0],
                      "share": [0.5, float("nan")], "corpus": "synthetic"})
presence = qq.presence(qq.load_example("small"))
charts = {"heat": qq.plot.heat(table, title="T"), "icons": qq.plot.icons(presence),
          "saturation": qq.plot.saturation(qq.saturation(presence, base=1, run=1))}
for name, chart in charts.items():
    qq.export_figure(chart, name, folder=sys.argv[1], journal="nature", width="column",
                     formats=("svg", "pdf", "png", "eps", "tiff"), caption="Fiducia & casa",
                     provenance={"study": "abc"})
"""


def test_bytes_are_the_same_in_another_process_and_another_house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    elsewhere = {"TZ": "Asia/Tokyo", "COLUMNS": "37", "LANG": "de_DE.UTF-8", "LC_ALL": "C"}
    environment = {**os.environ, **elsewhere, "PYTHONHASHSEED": "1", "HOME": str(home)}
    command = [sys.executable, "-c", _SCRIPT, str(tmp_path / "other")]
    subprocess.run(command, check=True, env=environment)
    monkeypatch.setattr(sys, "argv", ["", str(tmp_path / "own")])
    exec(_SCRIPT, {})
    first, second = (sorted((tmp_path / where).iterdir()) for where in ("other", "own"))
    assert [f.name for f in first] == [
        f"{chart}.{kind}"
        for chart in ("heat", "icons", "saturation")
        for kind in ("csv", "eps", "md", "pdf", "png", "svg", "tiff")
    ]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


@pytest.mark.parametrize("kind", ALL)
def test_every_format_says_that_it_is_synthetic(
    kind: str, tmp_path: Path, table: pd.DataFrame
) -> None:
    files = qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path, formats=[kind],
                             caption="A caption " + "that goes on and on " * 20)  # fmt: skip
    content = files[0].read_bytes()
    if kind == "pdf":
        pikepdf = pytest.importorskip("pikepdf")
        with pikepdf.open(files[0]) as pdf:
            content = str(pdf.docinfo.Keywords).encode()
    assert b"corpus: synthetic" in content


@pytest.mark.parametrize("mm", [57, 89, 190.5])
def test_every_format_is_as_wide_as_asked(mm: float, tmp_path: Path, table: pd.DataFrame) -> None:
    pikepdf = pytest.importorskip("pikepdf")
    qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path, formats=ALL, width=mm)
    points = mm / 25.4 * 72
    with pikepdf.open(tmp_path / "h.pdf") as pdf:
        assert float(pdf.pages[0].mediabox[2]) == pytest.approx(points, abs=0.01)
    svg = ET.fromstring((tmp_path / "h.svg").read_bytes())
    assert float(svg.get("width", "").removesuffix("pt")) == pytest.approx(points, abs=0.01)
    eps = (tmp_path / "h.eps").read_bytes()
    box = eps.split(b"%%HiResBoundingBox:")[1].split(b"\n")[0].split()
    assert float(box[2]) == pytest.approx(points, abs=0.01)
    assert b"/FontType 42" in eps
    assert b"/FontType 3" not in eps
    for kind in ("png", "tiff"):
        with Image.open(tmp_path / f"h.{kind}") as picture:
            assert picture.size[0] == int(mm / 25.4 * 300)


def test_a_file_that_did_not_change_is_not_touched(tmp_path: Path, table: pd.DataFrame) -> None:
    files = qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path)
    for file in files:
        os.utime(file, (1, 1))
    qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path)
    assert {file.stat().st_mtime for file in files} == {1.0}
    assert sorted(tmp_path.iterdir()) == sorted(files)


def test_the_svg_tells_its_story_and_has_no_comments(tmp_path: Path, table: pd.DataFrame) -> None:
    figure = qq.plot.heat(table, codebook={"trust": "a < b & c", "work": "w"})
    file = qq.export_figure(figure, "h", folder=tmp_path, formats=["svg"], caption="Who & what")[0]
    text = file.read_text("utf-8")
    assert "<!--" not in text
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    ids = {element.get("id") for element in root.iter()}
    assert set((root.get("aria-labelledby") or "").split()) <= ids
    assert root.findtext(f"{SVG}title") == "Who & what"
    assert "a < b & c" in (root.findtext(f"{SVG}desc") or "")
    assert not list(root.iter(f"{SVG}text"))  # outlines: no reader's font can take its place
    found = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(found) == len(set(found))


def test_png_and_tiff_carry_size_resolution_and_story(tmp_path: Path, table: pd.DataFrame) -> None:
    figure = qq.plot.heat(table)
    qq.export_figure(figure, "h", folder=tmp_path, journal="elsevier", width="column",
                     formats=["png", "tiff"], provenance={"study": "abc"})  # fmt: skip
    with Image.open(tmp_path / "h.png") as png, Image.open(tmp_path / "h.tiff") as tiff:
        assert png.size == tiff.size
        assert png.size[0] == int(90 / 25.4 * 500)
        assert png.info["Description"].startswith("Table of counts")
        assert "study: abc" in png.info["Source"]
        assert "corpus: synthetic" in png.info["Source"]
        assert tiff.mode == "RGB"
        assert tiff.info["compression"] == "tiff_lzw"
        assert round(tiff.info["dpi"][0]) == 500
        assert "study: abc" in tiff.tag_v2[270]


def test_the_pdf_embeds_its_fonts_and_has_xmp_without_a_clock(
    tmp_path: Path, table: pd.DataFrame
) -> None:
    pikepdf = pytest.importorskip("pikepdf")
    qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path, formats=["pdf"], journal="nature",
                     width="column", caption="Café")  # fmt: skip
    with pikepdf.open(tmp_path / "h.pdf") as pdf:
        (page,) = pdf.pages
        assert float(page.mediabox[2]) == pytest.approx(89 / 25.4 * 72, abs=0.01)
        fonts = list(page.resources.Font.values())
        assert fonts
        for font in fonts:
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            assert inner.Subtype in ("/CIDFontType2", "/TrueType")
            assert "/FontFile2" in inner.FontDescriptor
        assert "/CreationDate" not in pdf.docinfo
        xmp = pdf.open_metadata()
        assert xmp["dc:title"] == "Café"
        assert "corpus: synthetic" in xmp["dc:source"]
        assert "xmp:ModifyDate" not in xmp


def test_the_eps_has_a_fixed_date(tmp_path: Path, table: pd.DataFrame) -> None:
    before = os.environ.get("SOURCE_DATE_EPOCH")
    qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path, formats=["eps"])
    head = (tmp_path / "h.eps").read_bytes()[:800]
    assert b"1970" in head
    assert b"%%Title: Heat. quidqual: " in head
    assert os.environ.get("SOURCE_DATE_EPOCH") == before
    again = qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path / "2", formats=["eps"])
    assert again[0].read_bytes() == (tmp_path / "h.eps").read_bytes()


def test_the_caption_counts_and_the_table_is_read_back(tmp_path: Path, small: pd.DataFrame) -> None:
    qq.export_figure(qq.plot.tiles(small), "t", folder=tmp_path, formats=[], caption="Trust.")
    words = (tmp_path / "t.md").read_text("utf-8")
    assert "**Trust.** n = 3 participants, 5 interviews." in words
    assert "Synthetic notes, not participants’ words." in words
    assert "Alternative text: Tiles of 3 participants" in words
    back = pd.read_csv(tmp_path / "t.csv")
    assert back["state"].tolist() == small["state"].astype(str).tolist()


@pytest.mark.parametrize(
    ("journal", "width", "mm"),
    [("nature", "column", 89), ("nature", "full", 183), ("science", "column", 57),
     ("plos", 66.8, 66.8), ("elsevier", "middle", 140), ("apa7", None, 180), ("sage", 100, 100)],
)  # fmt: skip
def test_a_journal_gets_its_width_and_size_of_type(
    journal: str, width: str | float | None, mm: float, table: pd.DataFrame
) -> None:
    rules = preset(journal)
    assert rules.width(width) == mm
    redraw = drawn(qq.plot.heat(table))[0].redraw
    assert redraw is not None
    final = redraw(rules.width(width), rules.type_size())
    assert final.get_size_inches()[0] == pytest.approx(mm / 25.4)
    assert set(check_figure(final, journal=journal)["rule"]) <= {"font"}


def test_the_formats_a_journal_asks_for_are_added(tmp_path: Path, table: pd.DataFrame) -> None:
    files = qq.export_figure(
        qq.plot.heat(table), "h", folder=tmp_path, journal="plos", formats=["svg"]
    )
    assert [file.suffix for file in files] == [".svg", ".tiff", ".eps", ".csv", ".md"]


def test_the_checker_sees_what_is_wrong() -> None:
    figure = Figure(figsize=(4, 3))
    ax = figure.subplots()
    ax.bar([1], [1], hatch="//")
    ax.set_title("x" * 200, size=20)
    ax.text(0.5, 0.5, "on one", color="red")
    ax.text(0.5, 0.5, "another")
    assert set(check_figure(figure, journal="nature")["rule"]) == {
        "width", "type", "font", "patterns", "coloured text", "clipped", "collision", "alt",
    }  # fmt: skip


def test_a_figure_made_elsewhere_needs_alt_text_and_its_own_size(tmp_path: Path) -> None:
    figure = Figure(figsize=(4, 3))
    ax = figure.subplots()
    with pytest.raises(qq.QuidqualError, match="alternative text"):
        qq.export_figure(ax, "x", folder=tmp_path)
    with pytest.raises(qq.QuidqualError, match=r"101\.6 mm wide"):
        qq.export_figure(ax, "x", folder=tmp_path, alt="Empty axes.", width=89)
    data = pd.DataFrame({"a": [1]})
    files = qq.export_figure(ax, "x", folder=tmp_path, alt="Empty axes.", data=data, width=101.6)
    assert [file.suffix for file in files] == [".svg", ".pdf", ".png", ".csv", ".md"]


def test_two_charts_on_one_figure_leave_two_tables(tmp_path: Path, table: pd.DataFrame) -> None:
    figure = Figure(figsize=(8, 3))
    for ax in figure.subplots(1, 2):
        qq.plot.heat(table, ax=ax)
    files = qq.export_figure(figure, "two", folder=tmp_path, formats=["png"])
    assert [file.name for file in files] == ["two.png", "two-1.csv", "two-2.csv", "two.md"]


@pytest.mark.parametrize(
    ("settings", "match"),
    [({"name": "a/b"}, "letters, digits"), ({"formats": ["bmp"]}, "'bmp'"), ({"journal": "lancet"}, "lancet"),
     ({"width": "column"}, "only with a journal"), ({"journal": "nature", "width": "poster"}, "poster"),
     ({"journal": "frontiers", "width": "column"}, "names no widths")],
)  # fmt: skip
def test_wrong_wishes_are_told(
    settings: dict[str, object], match: str, tmp_path: Path, table: pd.DataFrame
) -> None:
    name = settings.pop("name", "h")
    with pytest.raises(qq.QuidqualError, match=match):
        qq.export_figure(qq.plot.heat(table), name, folder=tmp_path, **settings)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_every_rule_has_a_source_and_a_date() -> None:
    rules = journal_rules()
    assert rules["source"].str.startswith("http").all()
    assert pd.to_datetime(rules["date"]).notna().all()
    assert "frontiers" not in set(rules["journal"])  # nothing was read there, so nothing is said


def test_png_pixels_do_not_depend_on_the_users_settings(
    tmp_path: Path, table: pd.DataFrame
) -> None:
    import matplotlib as mpl

    figure = qq.plot.heat(table)
    plain = io.BytesIO()
    figure.savefig(plain, format="png")
    with mpl.rc_context(
        {"savefig.facecolor": "black", "savefig.bbox": "tight", "text.antialiased": False}
    ):
        other = io.BytesIO()
        figure.savefig(other, format="png")
    assert plain.getvalue() == other.getvalue()


@pytest.mark.parametrize("kind", [*ALL, "csv", "md"])
def test_what_no_export_made_stays_and_nothing_is_written(
    kind: str, tmp_path: Path, table: pd.DataFrame
) -> None:
    own = tmp_path / f"h.{kind}"
    if kind in ("png", "tiff"):
        Image.new("RGB", (4, 4)).save(own)
    else:
        own.write_bytes(b"My own words on quidqual: how I used it.\n")
    before = own.read_bytes()
    with pytest.raises(qq.QuidqualError, match=rf"h\.{kind}.*nothing was written.*replace=True"):
        qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path, formats=ALL)
    assert [file.name for file in tmp_path.iterdir()] == [own.name]
    assert own.read_bytes() == before
    qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path, formats=ALL, replace=True)
    assert own.read_bytes() != before


def test_what_an_export_made_is_replaced_by_the_next(tmp_path: Path, table: pd.DataFrame) -> None:
    more = {"provenance": {"study": "è"}, "formats": ALL}
    first = qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path, **more)
    before = [file.read_bytes() for file in first]
    figure = qq.plot.heat(table.assign(k=table["n"]), width=140)
    again = qq.export_figure(figure, "h", folder=tmp_path, caption="New", **more)
    assert again == first
    assert all(f.read_bytes() != old for f, old in zip(again, before, strict=True))


def test_a_table_that_someone_changed_or_put_there_is_not_lost(
    tmp_path: Path, table: pd.DataFrame
) -> None:
    qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path, formats=["svg"])
    mine = tmp_path / "h.csv"
    mine.write_text(mine.read_text("utf-8").replace("\n", "\r\n"), "utf-8", newline="")
    other = qq.plot.heat(table.assign(k=table["n"]))
    qq.export_figure(other, "h", folder=tmp_path, formats=["svg"])  # line ends are no change
    mine.write_text("weeks of work\n", "utf-8")
    with pytest.raises(qq.QuidqualError, match=r"h\.csv"):
        qq.export_figure(qq.plot.heat(table), "h", folder=tmp_path, formats=["svg"])
    assert mine.read_text("utf-8") == "weeks of work\n"


def test_one_format_may_be_a_word_and_wrong_wishes_write_nothing(
    tmp_path: Path, table: pd.DataFrame
) -> None:
    figure = qq.plot.heat(table)
    files = qq.export_figure(figure, "h", folder=tmp_path / "a", formats="svg")
    assert [file.name for file in files] == ["h.svg", "h.csv", "h.md"]
    (tmp_path / "file").write_text("x", "utf-8")
    wrong: list[tuple[dict[str, object], str]] = [
        ({"formats": 3}, "formats must be a name"), ({"data": 3}, "not int"), ({"provenance": 3}, "mapping"),
        ({"folder": 3}, "a path is wanted"), ({"folder": tmp_path / "file"}, "not a folder"),
        ({"name": 3}, "made of letters"),
    ]  # fmt: skip
    for settings, match in wrong:
        told = {"name": "h", "folder": tmp_path / "b", **settings}
        with pytest.raises(qq.QuidqualError, match=match):
            qq.export_figure(figure, **told)
    assert not (tmp_path / "b").exists()


def test_no_cell_of_the_table_beside_a_figure_is_a_formula(tmp_path: Path) -> None:
    rows = {"code": ["=1+1", "-x"], "round": ["R1", "R1"], "k": [1, 2], "n": [3, 3]}
    figure = qq.plot.heat(pd.DataFrame(rows).assign(share=1 / 3, corpus="synthetic"))
    qq.export_figure(figure, "h", folder=tmp_path, formats=["svg"])
    lines = (tmp_path / "h.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["code", "'=1+1", "'-x"]
    assert "0.3333333333," in lines[1] + ","


@pytest.mark.parametrize("name", ["con", "NUL", "a" * 300, "a" * 250, "..", "lpt1.x"])
def test_a_name_that_some_disk_does_not_take_is_refused_before_anything_is_drawn(
    tmp_path: Path, table: pd.DataFrame, name: str
) -> None:
    with pytest.raises(qq.QuidqualError, match="field 'name'"):
        qq.export_figure(qq.plot.heat(table), name, folder=tmp_path / "f", formats=["svg"])
    assert not (tmp_path / "f").exists()
