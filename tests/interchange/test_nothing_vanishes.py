"""What somebody made in another program is in the study, or the report says why not."""

from __future__ import annotations

import io
import warnings
import zipfile

import docx
import pytest

from quidqual.interchange.qdpx_read import read_qdpx
from quidqual.interchange.qualcoder import read_qualcoder
from quidqual.study.errors import QuidqualError

from .conftest import Qdpx
from .test_databases import QUALCODER, database

guid = Qdpx.guid
TEXT = "I stay home."


def codings(imported):
    frame = imported.study.raw.codings
    return frame[["coder", "exact", "code", "memo"]].values.tolist()


def value(variable: str, words: str) -> str:
    reference = f'<VariableRef targetGUID="{guid(variable)}"/>'
    return f"<VariableValue>{reference}<TextValue>{words}</TextValue></VariableValue>"


def variables(*names: str) -> str:
    made = (f'<Variable guid="{guid(n)}" name="{n}" typeOfVariable="Text"/>' for n in names)
    return f"<Variables>{''.join(made)}</Variables>"


@pytest.mark.parametrize("second", ["Anna", "anna", " Anna "])
def test_two_cases_of_one_name_are_two_people(qdpx, second):
    """Each in a round of its own, so that nothing but the case tells them apart."""
    texts = {"first": "R1", "later": "R2"}
    sources = "".join(
        qdpx.source(name, value("round", when), path=f"{name}.txt") for name, when in texts.items()
    )
    cases = "".join(
        f'<Case guid="{guid(source + age)}" name="{name}">{value("age", age)}'
        f'<SourceRef targetGUID="{guid(source)}"/></Case>'
        for source, name, age in (("first", "Anna", "20"), ("later", second, "60"))
    )
    file = qdpx.write(
        sources,
        files={f"sources/{name}.txt": b"Words." for name in texts},
        before=f"{variables('round', 'age')}<Cases>{cases}</Cases>",
    )
    imported = read_qdpx(file)
    people = imported.study.raw.participants
    assert people["age"].tolist() == ["20", "60"]
    assert people["participant"].tolist()[0] == "Anna"
    assert "2 cases have this name" in " ".join(imported.report["why"])


def test_two_users_of_one_name_are_two_coders(qdpx):
    """Both put the same code on the same words at the same time: two codings, not one."""
    users = "".join(f'<User guid="{guid(u)}" name="Anna"/>' for u in ("one", "two"))
    inner = "".join(
        qdpx.selection(7, 11, qdpx.home, user=guid(user), guid=guid("s" + user))
        for user in ("one", "two")
    )
    imported = read_qdpx(qdpx.one(TEXT, inner, users=users))
    assert codings(imported) == [["Anna", "home", "home", ""], ["Anna 2", "home", "home", ""]]
    assert "another user has this name" in " ".join(imported.report["why"])


def test_a_remark_on_words_without_a_code_is_kept(qdpx):
    """NVivo's annotations and MAXQDA's memos in the text are selections that have no code."""
    inner = (
        f'<PlainTextSelection guid="{guid("s")}" name="" startPosition="2" endPosition="6">'
        f"<Description>She hesitates.</Description>"
        f'<NoteRef targetGUID="{guid("n")}"/></PlainTextSelection>'
    )
    note = f'<Note guid="{guid("n")}" name="x"><PlainTextContent>Why?</PlainTextContent></Note>'
    imported = read_qdpx(qdpx.one(TEXT, inner, after=f"<Notes>{note}</Notes>"))
    memos = imported.study.settings["memos"]
    assert memos == [{"name": "Talk, 2 to 6", "text": "She hesitates.\n\nWhy?"}]
    assert "1 selection without a code" in " ".join(imported.report["why"])


@pytest.mark.parametrize("column", ["description", "memo"])
def test_a_variable_never_hides_what_a_source_says_of_itself(qdpx, column):
    said = (
        "<Description>Own words.</Description>"
        if column == "description"
        else f'<NoteRef targetGUID="{guid("n")}"/>'
    )
    note = (
        f'<Note guid="{guid("n")}" name="x"><PlainTextContent>Own words.</PlainTextContent></Note>'
    )
    file = qdpx.one(
        TEXT, said + value(column, "41"), before=variables(column), after=f"<Notes>{note}</Notes>"
    )
    row = read_qdpx(file).study.raw.interviews.iloc[0]
    assert (row[column], row[f"{column}_"]) == ("41", "Own words.")


def test_a_variable_never_hides_the_description_of_a_case(qdpx):
    case = (
        f'<Cases><Case guid="{guid("c")}" name="Anna"><Description>Nurse.</Description>'
        f'{value("description", "41")}<SourceRef targetGUID="{guid("Talk")}"/></Case></Cases>'
    )
    imported = read_qdpx(qdpx.one(TEXT, "", before=variables("description") + case))
    row = imported.study.raw.participants.iloc[0]
    assert (row["description"], row["description_"]) == ("41", "Nurse.")


def rich(words: str) -> bytes:
    document, stream = docx.Document(), io.BytesIO()
    document.add_paragraph(words)
    document.save(stream)
    return stream.getvalue()


def test_a_plain_text_that_is_missing_is_taken_from_the_formatted_one(qdpx):
    source = qdpx.source(
        "Talk", qdpx.selection(7, 11, qdpx.home), attributes='richTextPath="internal://t.docx"'
    )
    imported = read_qdpx(qdpx.write(source, files={"sources/t.docx": rich(TEXT)}))
    assert codings(imported) == [["Anna", "home", "home", ""]]
    assert "taken from the .docx" in " ".join(imported.report["why"])


def test_a_text_that_is_nowhere_is_one_fault(qdpx):
    """It was told twice, once for each of the two files that a source names."""
    source = qdpx.source("Talk", attributes='richTextPath="internal://t.docx"')
    with pytest.raises(QuidqualError) as caught:
        read_qdpx(qdpx.write(source))
    assert len(caught.value.problems) == 1


def test_a_coding_with_two_codes_is_two_codings(qdpx):
    inner = (
        f'<PlainTextSelection guid="{guid("s")}" name="" startPosition="7" endPosition="11">'
        f'<Coding guid="{guid("k")}" creatingUser="{qdpx.anna}"><CodeRef targetGUID="{qdpx.trust}"/>'
        f'<CodeRef targetGUID="{qdpx.home}"/></Coding></PlainTextSelection>'
    )
    imported = read_qdpx(qdpx.one(TEXT, inner))
    assert codings(imported) == [["Anna", "home", "home", ""], ["Anna", "home", "trust", ""]]
    ids = imported.study.raw.codings["id"]
    assert ids.is_unique


SOURCE = f"sources/{guid('Talk')}.txt"


@pytest.mark.parametrize(
    "twin",
    [SOURCE, SOURCE.upper(), SOURCE.replace("/", "\\"), "PROJECT.QDE", "project.qde"],
)
def test_which_of_two_members_of_one_name_counts_is_not_guessed(qdpx, twin):
    file = qdpx.one(TEXT, qdpx.selection(7, 11, qdpx.home))
    with zipfile.ZipFile(file, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(twin, b"I hate home.")
    with pytest.raises(QuidqualError, match="2 members of this name"):
        read_qdpx(file)


def test_a_member_that_stands_twice_alike_is_no_doubt(qdpx):
    file = qdpx.one(TEXT, qdpx.selection(7, 11, qdpx.home))
    with zipfile.ZipFile(file, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(SOURCE, TEXT.encode())
    assert codings(read_qdpx(file)) == [["Anna", "home", "home", ""]]


def test_an_archive_with_the_separators_of_windows(qdpx):
    """As .NET before 4.6.1 packed a folder."""
    source = qdpx.source("Talk", qdpx.selection(7, 11, qdpx.home))
    file = qdpx.write(source, files={SOURCE.replace("/", "\\"): TEXT.encode()})
    assert codings(read_qdpx(file)) == [["Anna", "home", "home", ""]]


def test_remarks_of_a_qualcoder_project_are_kept(tmp_path):
    """Annotations, memos of pictures, and a memo of a case that an attribute is called like."""
    photo = "UPDATE source SET memo = 'Who took it?' WHERE id = 3"
    part = "UPDATE code_image SET memo = 'Her hands.'"
    beside = "INSERT INTO annotation VALUES (1, 1, 2, 6, 'She hesitates.', 'Anna', '')"
    attribute = "INSERT INTO attribute VALUES (9, 'memo', 'case', '41', 1, '', '')"
    file = database(
        tmp_path / "data.qda", QUALCODER, *((s, ()) for s in (photo, part, beside, attribute))
    )
    imported = read_qualcoder(file)
    assert [tuple(memo.values()) for memo in imported.study.settings["memos"]] == [
        ("Diary", "First day."),
        ("photo.png", "Who took it?"),
        ("annotation of S1.txt", "She hesitates."),
        ("coding of a part of photo.png", "Her hands."),
    ]
    maria = imported.study.raw.participants.set_index("participant").loc["Maria"]
    assert (maria["memo"], maria["memo_"]) == ("speaks little", "41")


def test_a_lost_coding_is_not_taken_for_one_that_stands_at_its_old_place(tmp_path):
    """The words `gone` are not in the text any more; `here` stands where they stood."""
    source = ("INSERT INTO source (id, name, fulltext) VALUES (9, 'S9', 'Now here it is.')", ())
    row = "INSERT INTO code_text (ctid, cid, fid, seltext, pos0, pos1, owner) VALUES (?, 1, 9, ?, ?, ?, 'A')"
    file = database(
        tmp_path / "data.qda", QUALCODER, source,
        (row, (20, "here", 0, 4)), (row, (21, "gone", 4, 8)),
    )  # fmt: skip
    study = read_qualcoder(file).study
    assert study.codings.query("interview == 'S9'")["exact"].tolist() == ["here"]
    assert study.lost["exact"].tolist() == ["gone"]


def test_a_set_is_a_memo_that_names_its_members(qdpx):
    """Document sets of MAXQDA, groups of ATLAS.ti: only how many members they had was told."""
    members = (
        f'<Description>Trust in people.</Description><MemberCode targetGUID="{qdpx.trust}"/>'
        f'<MemberSource targetGUID="{guid("Talk")}"/><MemberCode targetGUID="{guid("gone")}"/>'
    )
    after = f'<Sets><Set guid="{guid("set")}" name="Best">{members}</Set></Sets>'
    imported = read_qdpx(qdpx.one(TEXT, "", after=after))
    assert imported.study.settings["memos"] == [
        {"name": "Set Best", "text": "Trust in people.\n\n- trust\n- Talk"}
    ]
    assert "a set of 3 members" in " ".join(imported.report["why"])
