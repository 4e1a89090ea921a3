"""Who was interviewed when, in which group and by whom: understood, or said that it was not."""

from __future__ import annotations

import pytest

from quidqual.interchange.convert import import_files, read
from quidqual.interchange.file_names import told_by
from quidqual.study.errors import QuidqualError


def put(folder, **files: str):
    for name, words in files.items():
        (folder / f"{name}.txt").write_text(words, encoding="utf-8")
    return [folder / f"{name}.txt" for name in files]


def understood(imported) -> dict[str, dict[str, str]]:
    table = imported.understood
    return {p: {r: table.loc[p, r] for r in table.columns if table.loc[p, r]} for p in table.index}


@pytest.mark.parametrize(
    ("name", "person", "round"),
    [
        ("Ana wave 1", "Ana", "wave 1"), ("Interview_P01_T2_final", "P01", "T2"), ("S1-R1", "S1", "R1"),
        ("P-01-R12", "P-01", "R12"), ("S1 a R1", "S1 a", "R1"), ("T1-R2", "T1", "R2"), ("R1_Ana", "Ana", "R1"),
        ("Wave1_Ana_transcript", "Ana", "Wave1"), ("Intervista Bea tornata 2 def", "Bea", "tornata 2"),
        ("2021-05-04 Ana R1", "Ana", "R1"), ("maria-t0", "maria", "t0"), ("Interview 7 R2", "Interview 7", "R2"),
    ],
)  # fmt: skip
def test_names_that_tell_participant_and_round(name, person, round):
    told = told_by(name)
    assert (told.participant, told.round) == (person, round)


@pytest.mark.parametrize(
    "name", ["R1", "wave 1", "Ana", "Dr. Who", "Interview 12", "Terrace 9", ""]
)
def test_names_that_tell_no_round(name):
    assert told_by(name) is None


def test_the_two_names_of_the_case(tmp_path):
    files = put(tmp_path, **{"Ana wave 1": "x", "Ana wave 2": "y", "Interview_P01_T2_final": "z"})
    imported = read(files)
    assert understood(imported) == {
        "Ana": {"R1": "Ana_wave_1", "R2": "Ana_wave_2"},
        "P01": {"R2": "Interview_P01_T2_final"},
    }
    study = imported.study
    assert (
        study.interviews.query("participant == 'P01' and round == 'R1'")["status"].item()
        == "not_due"
    )


def test_names_of_one_kind_stay_as_they_are(tmp_path):
    imported = read(put(tmp_path, **{"Ana wave 10": "x", "Ana wave 2": "y"}))
    assert imported.study.round_order == ("wave 2", "wave 10")


def test_what_was_not_understood_is_said(tmp_path):
    imported = read(put(tmp_path, **{"P1_T1": "x", "P1_T2": "y", "Summary of Bea": "z"}))
    line = imported.report.query("kind == 'round' and action == 'changed'").iloc[0]
    assert "Summary of Bea.txt; taken for T1. Pass rounds=" in line["why"]
    assert understood(imported)["Summary_of_Bea"] == {"T1": "Summary_of_Bea"}
    alone = read(put(tmp_path, Ana="x", Bea="y"))
    assert "all of one round" in " ".join(alone.report["why"])


def test_a_day_in_the_name_is_the_day(tmp_path):
    imported = read(put(tmp_path, **{"2021-05-04 Ana R1": "x"}))
    assert imported.study.raw.interviews["date"].tolist() == ["2021-05-04"]


# Groups


def variables(qdpx, **values: str) -> tuple[str, dict[str, str]]:
    """Declarations, and the values that a source holds."""
    declared = "".join(
        f'<Variable guid="{qdpx.guid(name)}" name="{name}" typeOfVariable="Text"/>'
        for name in values
    )
    held = "".join(
        f'<VariableValue><VariableRef targetGUID="{qdpx.guid(name)}"/><TextValue>{value}</TextValue></VariableValue>'
        for name, value in values.items()
    )
    return f"<Variables>{declared}</Variables>", held


def sources(qdpx, *groups: str):
    before, _ = variables(qdpx, Group="x")
    inner = [
        qdpx.selection(0, 5, qdpx.trust, guid=qdpx.guid(f"s{n}"))
        + (variables(qdpx, Group=group)[1] if group else "")
        for n, group in enumerate(groups)
    ]
    names = [f"S{n}" for n in range(1, len(groups) + 1)]
    xml = "".join(qdpx.source(name, part) for name, part in zip(names, inner, strict=True))
    files = {f"sources/{qdpx.guid(name)}.txt": b"Hello" for name in names}
    return qdpx.write(xml, files=files, before=before)


@pytest.mark.parametrize("group", [None, "Group", "group"])
def test_variables_of_sources_tell_the_group(qdpx, group):
    imported = read(sources(qdpx, "staff", "survivor", ""), group=group)
    people = imported.study.participants
    assert people[["participant", "group"]].values.tolist() == [
        ["S1", "staff"],
        ["S2", "survivor"],
        ["S3", "all"],
    ]
    assert "group" in imported.report["kind"].tolist()


def test_sources_that_disagree_about_the_group(qdpx, tmp_path):
    path = sources(qdpx, "staff", "survivor")
    imported = read(path, rounds={"S1": "R1", "S2": "R2"})
    assert imported.study.participants["group"].tolist() == ["staff", "survivor"]
    pattern = r"(?P<participant>S)(?P<round>\d)"
    imported = read(path, rounds=pattern)
    assert imported.study.participants["group"].tolist() == ["all"]
    assert "several groups ('staff', 'survivor')" in " ".join(imported.report["why"])


def test_a_group_that_nothing_tells_is_refused(qdpx, tmp_path):
    with pytest.raises(QuidqualError, match=r"group must be 'Group'|group must be"):
        read(sources(qdpx, "staff"), group="nosuch")
    path = qdpx.one("Hello", qdpx.selection(0, 5, qdpx.trust))
    with pytest.raises(QuidqualError, match="has no variables"):
        read(path, group="nosuch")


def test_files_without_any_variable_are_of_the_group_that_is_said(tmp_path):
    people = read(
        put(tmp_path, **{"Ana wave 1": "x", "Bea wave 1": "y"}), group="staff"
    ).study.participants
    assert people["group"].tolist() == ["staff", "staff"]


# Coders


def test_users_without_codings_are_in_the_next_project_too(qdpx, tmp_path):
    import zipfile

    users = f'<User guid="{qdpx.anna}" name="Anna"/><User guid="{qdpx.guid("b")}" name="Bea"/>'
    path = qdpx.one("Hello", qdpx.selection(0, 5, qdpx.trust), users=users)
    imported = read(path)
    assert imported.study.coders == ("Anna",)
    assert "Bea" in imported.report.query("kind == 'User'")["item"].tolist()
    from quidqual.interchange.qdpx_write import write_qdpx

    with zipfile.ZipFile(write_qdpx(imported.study, tmp_path / "back.qdpx")) as archive:
        xml = archive.read("project.qde").decode()
    assert 'name="Anna"' in xml
    assert 'name="Bea"' in xml


# Sources, codes, colours


def test_a_source_without_a_name_is_called_as_its_file(qdpx):
    source = f'<TextSource guid="{qdpx.guid("x")}" plainTextPath="internal://board%202017.txt">{qdpx.selection(0, 5, qdpx.trust)}</TextSource>'
    imported = read(qdpx.write(source, files={"sources/board 2017.txt": b"Hello"}))
    assert list(imported.study.raw.notes) == ["board_2017"]


def test_one_line_for_all_codes_whose_id_is_another(qdpx):
    codes = "".join(
        f'<Code guid="{qdpx.guid(f"c{n}")}" name="Code: no. {n}!" isCodable="true" color="rgb(255,128,{n})"/>'
        for n in range(30)
    )
    imported = read(qdpx.one("Hello", qdpx.selection(0, 5, qdpx.guid("c0")), codes=codes))
    lines = imported.report.query("kind == 'Code'")
    assert lines["item"].tolist() == ["30 codes"]
    assert "and 25 more" in lines["why"].item()
    assert imported.study.codebook["code_no._7"].colour == "#FF8007"


@pytest.mark.parametrize("name", ["a.rqda", "A.RQDA"])
def test_a_project_of_rqda_names_the_way_out(tmp_path, name):
    (tmp_path / name).write_bytes(b"SQLite format 3\x00")
    with pytest.raises(QuidqualError, match="RQDA") as caught:
        read(tmp_path / name)
    assert "QualCoder" in caught.value.problems[0].remedy


# Taguette's tables


def test_tables_of_taguette_by_read_and_convert(tmp_path):
    (tmp_path / "all_tags.csv").write_text(
        "id,document,tag,content\r\n1,Talk,trust,I trust\r\n", encoding="utf-8"
    )
    (tmp_path / "codebook.csv").write_text(
        "tag,description,number of highlights\r\na,x,3\r\na.b,,1\r\n", encoding="utf-8"
    )
    study = import_files(tmp_path / "all_tags.csv", tmp_path / "out").study
    assert study.codings["exact"].tolist() == ["I trust"]
    assert read(tmp_path / "codebook.csv").codebook["b"].parent == "a"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"id;document;tag;content\n1;S1.txt;home;I stay home.\n"),
        ("b.csv", b"sep=;\nid;document;tag;content\n1;S1.txt;home;I stay home.\n"),
        ("c.csv", "id\tdocument\ttag\tcontent\n1\tS1.txt\thome\tI stay home.\n".encode("utf-16")),
        ("d.csv", b'\xef\xbb\xbf"id","document","tag","content"\r\n1,S1.txt,home,I stay home.\r\n'),
        ("e.xlsx", None),
    ],
)
def test_tables_of_taguette_that_another_program_saved(tmp_path, name, data):
    """`read_taguette` read them, `read` and `convert` took them for tables of answers."""
    file = tmp_path / name
    if data is None:
        import openpyxl

        book = openpyxl.Workbook()
        book.active.append(["id", "document", "tag", "content"])
        book.active.append([1, "S1.txt", "home", "I stay home."])
        book.save(file)
    else:
        file.write_bytes(data)
    study = read(file).study
    assert study.raw.codings[["interview", "code", "exact"]].values.tolist() == [
        ["S1", "home", "I stay home."]
    ]
