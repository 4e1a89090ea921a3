"""One small synthetic file a quirk that real exports show (numbers: the list of quirks)."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from quidqual.interchange.qdpx_read import read_qdpx
from quidqual.study.errors import QuidqualError

NVIVO = "NVivo for Windows 20.7"
TALK = "Hello 👩‍👩‍👧 and ❤️ again.\nI trust 😀 people at work, perché no."


def units(text: str, words: str, *, encoding: str = "utf-16-le", size: int = 2) -> tuple[int, int]:
    """Where words stand, counted in code units of an encoding."""
    at = text.index(words)
    start = len(text[:at].encode(encoding)) // size
    return start, start + len(words.encode(encoding)) // size


def exact(imported) -> list[str]:
    return imported.study.codings["exact"].tolist()


def whys(imported) -> str:
    return " | ".join(imported.report["why"])


# 1 and 2: what offsets count


@pytest.mark.parametrize("origin", [NVIVO, "Unknown program", ""])
@pytest.mark.parametrize("quoted", [True, False])
def test_utf16_offsets_are_recognised(qdpx, origin, quoted):
    chosen = ["again", "I trust 😀 people", "at work", "perché"]
    inner = "".join(
        qdpx.selection(*units(TALK, w), qdpx.trust, name=w if quoted else "") for w in chosen
    )
    imported = read_qdpx(qdpx.one(TALK, inner, origin=origin))
    assert exact(imported) == chosen
    assert "UTF-16" in whys(imported)


def test_code_point_offsets_under_the_name_of_nvivo(qdpx):
    """The file's own evidence wins over what is known of the program."""
    chosen = ["again", "I trust 😀 people", "at work", "perché"]
    inner = "".join(
        qdpx.selection(*units(TALK, w, encoding="utf-32-le", size=4), qdpx.trust) for w in chosen
    )
    imported = read_qdpx(qdpx.one(TALK, inner, origin=NVIVO))
    assert exact(imported) == chosen
    assert "against what the program's name says" in whys(imported)


def test_crlf_counts_two_and_the_mark_nothing(qdpx):
    text = TALK.replace("\n", "\r\n")
    start, end = units(text, "I trust 😀 people")
    path = qdpx.one(
        b"\xef\xbb\xbf" + text.encode(), qdpx.selection(start, end, qdpx.trust), origin=NVIVO
    )
    imported = read_qdpx(path)
    assert exact(imported) == ["I trust 😀 people"]
    assert imported.study.text("Talk") == TALK
    assert "line ends" in whys(imported)


def test_crlf_that_counts_one(qdpx):
    text = "One.\r\nTwo words.\r\nThree words more.\r\nFour."
    short = text.replace("\r\n", "\n")
    chosen = ["Two words", "Three words", "Four"]
    inner = "".join(
        qdpx.selection(short.index(w), short.index(w) + len(w), qdpx.trust) for w in chosen
    )
    imported = read_qdpx(qdpx.one(text, inner))
    assert exact(imported) == chosen
    assert "counted as one" in whys(imported)


def test_decomposed_letters_are_composed_and_offsets_led_along(qdpx):
    text = "Perche\u0301 no, cosi\u0300 e\u0300."
    start = text.index("cosi")
    imported = read_qdpx(qdpx.one(text, qdpx.selection(start, start + 5, qdpx.trust)))
    assert imported.study.text("Talk") == "Perché no, così è."
    assert exact(imported) == ["così"]


def test_where_nothing_fits_the_file_is_refused(qdpx):
    text = "😀 " + "several words follow one another here " * 12
    inner = "".join(qdpx.selection(3 + 7 * n, 9 + 7 * n, qdpx.trust) for n in range(30))
    path = qdpx.one(text, inner, origin="Unknown program")
    with pytest.raises(QuidqualError, match="fit no known way"):
        read_qdpx(path)
    assert len(read_qdpx(path, offsets="code-points").study.codings) == 30


def test_scripts_without_spaces_do_not_count_as_misfits(qdpx):
    text = "😀" + "我们在工作中信任他人" * 30
    inner = "".join(qdpx.selection(1 + 3 * n, 4 + 3 * n, qdpx.trust) for n in range(40))
    assert len(read_qdpx(qdpx.one(text, inner)).study.codings) == 40


def test_what_the_user_says_wins(qdpx):
    start, end = units(TALK, "people")
    path = qdpx.one(TALK, qdpx.selection(start, end, qdpx.trust), origin="Unknown program")
    assert exact(read_qdpx(path, offsets="utf-16")) == ["people"]
    with pytest.raises(QuidqualError, match="auto"):
        read_qdpx(path, offsets="bytes")


# 3: names of members


@pytest.mark.parametrize("member", ["project.qde", "Project.qde", "Study of Work.qde"])
@pytest.mark.parametrize("folder", ["sources", "Sources", "SOURCES"])
def test_names_of_project_and_sources(qdpx, member, folder):
    guid = qdpx.guid("Talk")
    path = qdpx.write(qdpx.source("Talk", qdpx.selection(0, 5, qdpx.trust)), member=member,
                      files={f"{folder}/{guid}.txt": TALK.encode(), f"{folder}/.root": b""})  # fmt: skip
    assert exact(read_qdpx(path)) == ["Hello"]


# 4: GUIDs


@pytest.mark.parametrize("form", [str.upper, str.lower, lambda g: "{" + g + "}"])
def test_any_form_of_guid(qdpx, form):
    inner = qdpx.selection(0, 5, form(qdpx.trust))
    assert read_qdpx(qdpx.one(TALK, inner)).study.codings["code"].tolist() == ["trust"]


def test_guids_of_digits_only(qdpx):
    digits = "61626364-3132-3334-3536-373839303132"
    path = qdpx.one(
        "Hello",
        qdpx.selection(0, 5, digits),
        codes=f'<Code guid="{digits}" name="ascii" isCodable="true"/>',
    )
    assert read_qdpx(path).study.codings["code"].tolist() == ["ascii"]


# 5 and 6: selections and codings


def test_one_selection_a_coding_and_several_codings_in_one(qdpx):
    apart = qdpx.selection(0, 5, qdpx.trust) + qdpx.selection(0, 5, qdpx.home)
    together = qdpx.selection(6, 9, qdpx.trust).replace(
        "</PlainTextSelection>",
        f'<Coding guid="{qdpx.guid("second")}"><CodeRef targetGUID="{qdpx.home}"/></Coding></PlainTextSelection>',
    )
    study = read_qdpx(qdpx.one("Hello you", apart + together)).study
    spans = study.codings[["start", "end", "code"]].values.tolist()
    assert spans == [[0, 5, "home"], [0, 5, "trust"], [6, 9, "home"], [6, 9, "trust"]]


def test_the_same_coding_many_times_counts_once(qdpx):
    inner = "".join(
        qdpx.selection(0, 5, qdpx.trust, guid=qdpx.guid(f"again {n}")) for n in range(5)
    )
    imported = read_qdpx(qdpx.one("Hello", inner))
    assert len(imported.study.codings) == 1
    assert "4 codings" in imported.report["item"].tolist()


def test_coder_of_the_coding_else_of_the_selection(qdpx):
    bea = qdpx.guid("bea")
    users = f'<User guid="{qdpx.anna}" name="Anna"/><User guid="{bea}" name="Bea"/>'
    by_selection = (
        f'<PlainTextSelection guid="{qdpx.guid("x")}" startPosition="6" endPosition="9" creatingUser="{bea}">'
        f'<Coding guid="{qdpx.guid("y")}"><CodeRef targetGUID="{qdpx.home}"/></Coding></PlainTextSelection>'
    )
    inner = qdpx.selection(0, 5, qdpx.trust, more="<Description/>") + by_selection
    study = read_qdpx(qdpx.one("Hello you", inner, users=users)).study
    assert study.codings[["coder", "memo"]].values.tolist() == [["Anna", ""], ["Bea", ""]]


def test_codings_without_any_coder(qdpx):
    imported = read_qdpx(qdpx.one("Hello", qdpx.selection(0, 5, qdpx.trust, user=""), users=""))
    assert imported.study.coders == ("unknown",)


# 7: where the text is


@pytest.mark.parametrize(
    "path",
    ["internal://{}.txt", "relative:///{}.txt", "relative://{}.txt", "{}.txt", "INTERNAL://{}.TXT"],
)
def test_paths_of_texts(qdpx, path):
    guid = qdpx.guid("Talk")
    file = qdpx.write(qdpx.source("Talk", qdpx.selection(0, 5, qdpx.trust), path=path.format(guid)),
                      files={f"sources/{guid}.txt": b"Hello"})  # fmt: skip
    assert exact(read_qdpx(file)) == ["Hello"]


def test_inline_text(qdpx):
    inner = "<PlainTextContent>Hello &amp; you</PlainTextContent>" + qdpx.selection(
        6, 7, qdpx.trust
    )
    assert exact(read_qdpx(qdpx.write(qdpx.source("Talk", inner, path="")))) == ["&"]


def test_a_text_kept_beside_the_project(qdpx):
    (qdpx.folder / "talk.txt").write_bytes(b"Hello")
    file = qdpx.write(
        qdpx.source("Talk", qdpx.selection(0, 5, qdpx.trust), path="relative:///talk.txt")
    )
    assert exact(read_qdpx(file)) == ["Hello"]


def test_a_text_on_another_computer_is_left_out(qdpx):
    file = qdpx.write(
        qdpx.source("Talk", qdpx.selection(0, 5, qdpx.trust), path="absolute:///home/x/talk.txt")
    )
    imported = read_qdpx(file)
    left = imported.report.query("action == 'left out'")
    assert "Talk" in left["item"].tolist()
    assert len(imported.study.codings) == 0
    assert "1 coding)" in " ".join(left["why"])


@pytest.mark.parametrize(
    "path",
    [
        "internal://../../secret.txt",
        "relative:///../secret.txt",
        "internal:///etc/passwd",
        "internal://..\\secret.txt",
    ],
)
def test_paths_that_leave_the_project_are_refused(qdpx, path):
    (qdpx.folder.parent / "secret.txt").write_text("secret", encoding="utf-8")
    file = qdpx.write(qdpx.source("Talk", qdpx.selection(0, 5, qdpx.trust), path=path))
    with pytest.raises(QuidqualError, match="Talk"):
        read_qdpx(file)
    assert not read_qdpx(file, on_error="report").study.raw.notes


# 8: PDF sources whose region and text selection share a GUID


def pdf(qdpx, region: str, text: str) -> str:
    return (
        f'<PDFSource guid="{qdpx.guid("pdf")}" name="Leaflet" path="internal://x.pdf">{region}'
        f'<Representation guid="{qdpx.guid("layer")}" plainTextPath="internal://layer.txt">{text}</Representation></PDFSource>'
    )


def region(qdpx, guid: str, coded: bool) -> str:
    coding = (
        f'<Coding guid="{qdpx.guid("rc")}"><CodeRef targetGUID="{qdpx.trust}"/></Coding>'
        if coded
        else ""
    )
    return f'<PDFSelection guid="{guid}" page="1" firstX="1" firstY="2" secondX="3" secondY="4">{coding}</PDFSelection>'


@pytest.mark.parametrize("coded", [True, False])
def test_region_and_text_with_one_guid_count_once(qdpx, coded):
    shared = qdpx.guid("shared")
    source = pdf(qdpx, region(qdpx, shared, coded), qdpx.selection(0, 5, qdpx.trust, guid=shared))
    imported = read_qdpx(
        qdpx.write(source, files={"sources/layer.txt": b"Hello"}, origin="ATLAS.ti 8.4")
    )
    assert exact(imported) == ["Hello"]


def test_codings_that_only_the_twin_region_has_are_taken(qdpx):
    shared = qdpx.guid("shared")
    bare = f'<PlainTextSelection guid="{shared}" startPosition="0" endPosition="5"/>'
    imported = read_qdpx(
        qdpx.write(
            pdf(qdpx, region(qdpx, shared, True), bare), files={"sources/layer.txt": b"Hello"}
        )
    )
    assert exact(imported) == ["Hello"]


def test_a_region_without_text_is_named(qdpx):
    source = pdf(qdpx, region(qdpx, qdpx.guid("alone"), True), "")
    imported = read_qdpx(qdpx.write(source, files={"sources/layer.txt": b"Hello"}))
    line = imported.report.query("kind == 'PDFSelection'").iloc[0]
    assert line["action"] == "left out"
    assert "1 coding)" in line["why"]


# 9: only a .docx, whose words sit in table cells


def test_text_out_of_the_cells_of_a_docx(qdpx):
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for n, cell in enumerate(table._cells):
        cell.text = f"Cell {n} trusts"
    stream = io.BytesIO()
    document.save(stream)
    source = f'<TextSource guid="{qdpx.guid("T")}" name="T" richTextPath="internal://t.docx">{qdpx.selection(0, 6, qdpx.trust)}</TextSource>'
    imported = read_qdpx(
        qdpx.write(source, files={"Sources/t.docx": stream.getvalue()}, origin=NVIVO)
    )
    assert imported.study.text("T").split("\n") == [f"Cell {n} trusts" for n in range(4)]
    assert exact(imported) == ["Cell 0"]
    assert "docx" in whys(imported)


# 10 and 11: codes


def test_equal_names_under_different_parents(qdpx):
    codes = "".join(
        f'<Code guid="{qdpx.guid(p)}" name="{p}" isCodable="false"><Code guid="{qdpx.guid(p + "x")}" name="Other" isCodable="true"/></Code>'
        for p in ("Home", "Work")
    )
    book = read_qdpx(
        qdpx.one("Hello", qdpx.selection(0, 5, qdpx.guid("Workx")), codes=codes)
    ).study.codebook
    assert len(book) == 4
    assert book["work_other"].parent == "work"
    assert book["work_other"].name() == "Other"


def test_folders_and_missing_colours(qdpx):
    codes = f'<Code guid="{qdpx.trust}" name="Trust" isCodable="false"><Description/><Code guid="{qdpx.home}" name="" isCodable="true" color="blue"/></Code>'
    imported = read_qdpx(qdpx.one("Hello", qdpx.selection(0, 5, qdpx.home), codes=codes))
    book = imported.study.codebook
    assert not book["trust"].codable
    assert book["trust"].colour == ""
    assert book.children("trust") == ("code",)
    assert "RRGGBB" in whys(imported)


def test_a_folder_that_passages_are_coded_with_becomes_a_code(qdpx):
    codes = f'<Code guid="{qdpx.trust}" name="Trust" isCodable="false"/>'
    imported = read_qdpx(qdpx.one("Hello", qdpx.selection(0, 5, qdpx.trust), codes=codes))
    assert imported.study.codebook["trust"].codable
    assert len(imported.study.codings) == 1


# 12: what is missing or odd


def test_a_missing_source_is_a_fault_and_the_rest_is_taken_on_demand(qdpx):
    path = qdpx.write(
        qdpx.source("There", qdpx.selection(0, 5, qdpx.trust))
        + qdpx.source("Gone", qdpx.selection(0, 5, qdpx.home)),
        files={f"sources/{qdpx.guid('There')}.txt": b"Hello"},
    )
    with pytest.raises(QuidqualError, match="Gone"):
        read_qdpx(path)
    imported = read_qdpx(path, on_error="report")
    assert list(imported.study.raw.notes) == ["There"]
    assert "Gone" in imported.report.query("action == 'left out'")["item"].tolist()


def test_empty_and_turned_selections(qdpx):
    inner = (
        qdpx.selection(3, 3, qdpx.trust)
        + qdpx.selection(9, 6, qdpx.trust)
        + qdpx.selection(0, 5, qdpx.trust)
    )
    imported = read_qdpx(qdpx.one("Hello you", inner))
    assert exact(imported) == ["Hello", "you"]
    assert "it is empty: it holds no words" in imported.report["why"].tolist()
    assert "its end stood before its start" in imported.report["why"].tolist()


def test_extras_outside_the_schema_are_named(qdpx):
    inner = qdpx.selection(0, 5, qdpx.trust, more='<v:x xmlns:v="urn:v">y</v:x>')
    imported = read_qdpx(qdpx.one("Hello", inner, after="<Extension/><Sets/>"))
    kinds = imported.report.query("action == 'left out'")["kind"].tolist()
    assert {"x", "Extension"} <= set(kinds)
    assert exact(imported) == ["Hello"]


def test_no_codes_is_never_a_success(qdpx):
    path = qdpx.write(
        qdpx.source("Talk"), files={f"sources/{qdpx.guid('Talk')}.txt": b"Hello"}, codes=""
    )
    with pytest.raises(QuidqualError, match="no code"):
        read_qdpx(path)
    assert len(read_qdpx(path, on_error="report").study.raw.notes) == 1


def test_other_sources_sets_links_and_graphs_are_named(qdpx):
    sources = qdpx.source("Talk", qdpx.selection(0, 5, qdpx.trust)) + (
        f'<PictureSource guid="{qdpx.guid("pic")}" name="Photo"/><VideoSource guid="{qdpx.guid("vid")}" name="Film"/>'
    )
    after = (
        f'<Links><Link guid="{qdpx.guid("l")}"/></Links><Sets><Set guid="{qdpx.guid("set")}" name="Best"><MemberCode targetGUID="{qdpx.trust}"/></Set></Sets>'
        f'<Graphs><Graph guid="{qdpx.guid("g")}"/></Graphs>'
    )
    imported = read_qdpx(
        qdpx.write(sources, files={f"sources/{qdpx.guid('Talk')}.txt": b"Hello"}, after=after)
    )
    left = imported.report.query("action == 'left out'")
    assert {"PictureSource", "VideoSource", "Link", "Set", "Graph"} <= set(left["kind"])
    assert {"Photo", "Film", "Best"} <= set(left["item"])


def test_a_transcript_between_sync_points(qdpx):
    points = "".join(
        f'<SyncPoint guid="{qdpx.guid(f"p{n}")}" timeStamp="{n}" position="{n}"/>' for n in (0, 5)
    )
    source = (
        f'<AudioSource guid="{qdpx.guid("a")}" name="Tape"><Transcript guid="{qdpx.guid("t")}">'
        f"<PlainTextContent>Hello you</PlainTextContent>{points}"
        f'<TranscriptSelection guid="{qdpx.guid("ts")}" fromSyncPoint="{qdpx.guid("p0")}" toSyncPoint="{qdpx.guid("p5")}">'
        f'<Coding guid="{qdpx.guid("c")}"><CodeRef targetGUID="{qdpx.trust}"/></Coding></TranscriptSelection></Transcript></AudioSource>'
    )
    assert exact(read_qdpx(qdpx.write(source))) == ["Hello"]


def test_a_coding_of_a_whole_source(qdpx):
    coding = f'<Coding guid="{qdpx.guid("w")}"><CodeRef targetGUID="{qdpx.trust}"/></Coding>'
    imported = read_qdpx(qdpx.one("Hello\r\nyou", coding))
    assert exact(imported) == ["Hello\nyou"]


def test_the_archive_may_hold_directories(qdpx):
    path = qdpx.one("Hello", qdpx.selection(0, 5, qdpx.trust))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("sources/", b"")
    assert exact(read_qdpx(path)) == ["Hello"]


def test_a_coding_that_stands_twice_with_its_guid_is_no_fault(qdpx):
    one = qdpx.selection(0, 5, qdpx.trust, guid=qdpx.guid("g"))
    imported = read_qdpx(qdpx.one("Hello", one + one))
    assert exact(imported) == ["Hello"]
    assert "stands twice" in whys(imported)
