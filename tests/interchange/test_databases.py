"""QualCoder and Taguette: files made with the schema of their current versions."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

import pytest

from quidqual.interchange.database import open_database
from quidqual.interchange.markup import html_text, tagged_text
from quidqual.interchange.project import Account, ForeignCode
from quidqual.interchange.qualcoder import cut_circles, read_qualcoder
from quidqual.interchange.taguette import read_taguette, tag_tree
from quidqual.study.errors import QuidqualError

THOROUGH = int(os.environ.get("QUIDQUAL_THOROUGH", "1"))

# QualCoder 4.0, schema v17: the tables that are read, and some that are not.
QUALCODER = """
CREATE TABLE project (databaseversion text, date text, memo text, about text, bookmarkfile integer, bookmarkpos integer,
  codername text, recently_used_codes text, avbookmarkfile integer, avbookmarkmsec integer, avbookmarktextpos integer);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text,
  av_text_id integer, risid integer, unique(name));
CREATE TABLE code_image (imid integer primary key, id integer, x1 integer, y1 integer, width integer, height integer,
  cid integer, memo text, date text, owner text, important integer, pdf_page integer);
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text);
CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text, caseOrFile text, valuetype text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text);
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text, memo text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text, unique(name));
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer, unique(name));
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text,
  date text, memo text, avid integer, important integer, unique(cid, fid, pos0, pos1, owner));
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text,
  supercid integer, unique(name));
CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text, unique(name));
CREATE TABLE coder_names (name text unique not null, visibility integer not null default 1);
INSERT INTO project VALUES ('v17', '2026-01-01', 'About the work', 'QualCoder', 0, 0, 'Anna', '', NULL, NULL, NULL);
INSERT INTO source (id, name, fulltext, mediapath, memo) VALUES
  (1, 'S1.txt', 'I 😀 trust people.', NULL, ''), (2, 'S2.docx', 'Not at home.', '/docs/S2.docx', 'short'),
  (3, 'photo.png', NULL, '/images/photo.png', '');
INSERT INTO code_cat VALUES (1, 'Ties', 'Anna', '', 'How people hold', NULL), (2, 'Near', 'Anna', '', '', 1);
INSERT INTO code_name VALUES (1, 'trust', 'In people', 2, 'Anna', '', '#ff8000', NULL), (2, 'home', '', NULL, 'Anna', '', '', NULL),
  (3, 'own home', '', NULL, 'Anna', '', '#00ff00', 2);
INSERT INTO code_text VALUES (1, 1, 1, 'trust people', 4, 16, 'Anna', '2026-02-01 10:00:00', 'why?', NULL, 1),
  (2, 3, 2, 'home', 7, 11, 'Bea', '2026-02-02 10:00:00', '', NULL, NULL);
INSERT INTO cases VALUES (1, 'Maria', 'speaks little', 'Anna', ''), (2, 'Lucia', '', 'Anna', ''), (3, 'Nobody', '', 'Anna', '');
INSERT INTO case_text VALUES (1, 1, 1, 0, 18, 'Anna', '', ''), (2, 2, 2, 0, 5, 'Anna', '', '');
INSERT INTO attribute VALUES (1, 'age', 'case', '40', 1, '', ''), (2, 'group', 'case', 'staff', 2, '', ''), (3, 'place', 'file', 'shop', 1, '', '');
INSERT INTO journal VALUES (1, 'Diary', 'First day.', '', 'Anna');
INSERT INTO code_image (imid, id, cid) VALUES (1, 3, 1);
"""

# Taguette 1.5: the tables that a project needs.
TAGUETTE = """
CREATE TABLE users (login varchar(30) primary key, created datetime);
CREATE TABLE projects (id integer primary key autoincrement, name varchar(200) not null, description text not null, created datetime);
CREATE TABLE documents (id integer primary key autoincrement, name varchar(200), description text, filename varchar(200), created datetime,
  project_id integer, text_direction varchar(13), contents text);
CREATE TABLE commands (id integer primary key autoincrement, date datetime, user_login varchar(30), project_id integer, document_id integer, payload text);
CREATE TABLE highlights (id integer primary key autoincrement, document_id integer, start_offset integer, end_offset integer, snippet text);
CREATE TABLE tags (id integer primary key autoincrement, project_id integer, path varchar(200), description text, unique(project_id, path));
CREATE TABLE highlight_tags (highlight_id integer, tag_id integer, primary key (highlight_id, tag_id));
INSERT INTO projects VALUES (1, 'Work', 'About', '');
INSERT INTO tags VALUES (1, 1, 'trust', 'In people'), (2, 1, 'trust.self', ''), (3, 1, 'vs. home', '');
"""
HTML = "<h1>Città</h1>\n<p>She said: <b>è bello</b> 😀 qui.</p><ul><li>one</li><li>two</li></ul>"


def database(path: Path, script: str, *more: tuple[str, tuple]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(script)
    for statement, values in more:
        connection.execute(statement, values)
    connection.commit()
    connection.close()
    return path


@pytest.fixture
def qualcoder(tmp_path):
    return database(tmp_path / "Work.qda" / "data.qda", QUALCODER).parent


def taguette_file(folder: Path, *highlights: tuple[str, str, int], html: str = HTML) -> Path:
    """A database with a highlight (words, coder, tag) each, at the bytes where the words stand."""
    plain = tagged_text(html, file="x")
    pieces = "".join(words for _, words in plain.pieces)
    more = [
        (
            "INSERT INTO documents VALUES (1, 'S1-R1.html', 'note', 'x.html', '', 1, 'LEFT_TO_RIGHT', ?)",
            (html,),
        )
    ]
    for number, (words, coder, tag) in enumerate(highlights, 1):
        start = len(pieces[: pieces.index(words)].encode())
        end = start + len(words.encode())
        payload = json.dumps({"type": "highlight_add", "highlight_id": number, "tags": [tag]})
        more += [
            ("INSERT INTO highlights VALUES (?, 1, ?, ?, ?)", (number, start, end, words)),
            ("INSERT INTO highlight_tags VALUES (?, ?)", (number, tag)),
            ("INSERT INTO commands VALUES (NULL, '2026-03-01 09:00:00', ?, 1, 1, ?)", (coder, payload)),
        ]  # fmt: skip
    return database(folder / "work.sqlite3", TAGUETTE, *more)


def test_a_qualcoder_project(qualcoder):
    imported = read_qualcoder(qualcoder)
    study = imported.study
    assert study.title == "Work"
    assert study.codings[["interview", "exact", "code", "coder", "at", "memo"]].values.tolist() == [
        ["S1", "trust people", "trust", "Anna", "2026-02-01T10:00:00Z", "why?"],
        ["S2", "home", "own_home", "Bea", "2026-02-02T10:00:00Z", ""],
    ]
    book = study.codebook
    assert [(c.id, c.parent, c.codable) for c in book] == [
        ("ties", None, False), ("near", "ties", False), ("trust", "near", True), ("home", None, True), ("own_home", "home", True),
    ]  # fmt: skip
    assert book["trust"].colour == "#FF8000"
    assert book["ties"].definition == "How people hold"
    people = study.participants.set_index("participant")
    assert people.loc["Maria", ["group", "age", "memo"]].tolist() == ["all", "40", "speaks little"]
    assert people.loc["Lucia", "group"] == "staff"
    assert study.interviews.set_index("interview").loc["S1", "place"] == "shop"
    assert study.interviews.query("participant == 'Nobody'")["status"].tolist() == ["not_due"]
    assert study.settings["memos"] == [{"name": "Diary", "text": "First day."}]
    left = imported.report.query("action == 'left out'")
    assert {"photo.png", "1 row", "1 coding"} <= set(left["item"])


def test_a_qualcoder_project_by_its_database(qualcoder):
    assert read_qualcoder(qualcoder / "data.qda").study == read_qualcoder(qualcoder).study


def test_offsets_of_qualcoder_that_count_utf16(tmp_path):
    """Its text widget counts UTF-16 units; the words it stores beside tell."""
    text = "😀 one. Then 😀 two and three."
    rows = []
    for n, words in enumerate(("one", "two", "three"), 10):
        start = len(text[: text.index(words)].encode("utf-16-le")) // 2
        rows.append(("INSERT INTO code_text (ctid, cid, fid, seltext, pos0, pos1, owner) VALUES (?, 1, 9, ?, ?, ?, 'A')",
                     (n, words, start, start + len(words))))  # fmt: skip
    source = ("INSERT INTO source (id, name, fulltext) VALUES (9, 'S9', ?)", (text,))
    path = database(tmp_path / "data.qda", QUALCODER, source, *rows)
    codings = read_qualcoder(path).study.codings
    assert codings[codings["interview"] == "S9"]["exact"].tolist() == ["one", "two", "three"]


def test_line_ends_of_qualcoder(tmp_path):
    """Text kept with CR LF, offsets counted by the widget, where a line end is one."""
    text = "First line.\r\nSecond words.\r\nThird."
    shown = text.replace("\r\n", "\n")
    rows = [("INSERT INTO code_text (ctid, cid, fid, seltext, pos0, pos1, owner) VALUES (?, 1, 9, ?, ?, ?, 'A')",
             (n, w, shown.index(w), shown.index(w) + len(w))) for n, w in enumerate(("Second words", "Third"), 10)]  # fmt: skip
    source = ("INSERT INTO source (id, name, fulltext) VALUES (9, 'S9', ?)", (text,))
    codings = read_qualcoder(
        database(tmp_path / "data.qda", QUALCODER, source, *rows)
    ).study.codings
    assert codings[codings["interview"] == "S9"]["exact"].tolist() == ["Second words", "Third"]


def test_faults_of_a_qualcoder_project(tmp_path):
    rows = [("INSERT INTO code_text (ctid, cid, fid, pos0, pos1) VALUES (?, ?, ?, ?, ?)", values)
            for values in ((7, 99, 1, 0, 1), (8, 1, 99, 0, 1), (9, 1, 1, 0, 999), (10, 1, 1, None, 2))]  # fmt: skip
    path = database(tmp_path / "data.qda", QUALCODER, *rows)
    with pytest.raises(QuidqualError) as caught:
        read_qualcoder(path)
    assert len(caught.value.problems) == 3
    imported = read_qualcoder(path, on_error="report")
    assert len(imported.study.codings) == 2
    assert "'trust' at 0 to 999 lies outside" in " ".join(imported.report["why"])


def test_one_coding_past_the_end_costs_that_coding_only(tmp_path):
    row = ("INSERT INTO code_text (ctid, cid, fid, pos0, pos1) VALUES (9, 1, 1, 500, 510)", ())
    imported = read_qualcoder(database(tmp_path / "data.qda", QUALCODER, row))
    assert len(imported.study.codings) == 2
    line = imported.report.query("kind == 'selection'").iloc[0]
    assert (line["item"], line["action"]) == ("S1.txt", "left out")
    assert "'trust' at 500 to 510 lies outside the text, which has 17 characters" in line["why"]


def test_circles_of_categories_are_cut():
    codes = {
        k: ForeignCode(k, k, p)
        for k, p in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "e"))
    }
    account = Account("x")
    cut_circles(codes, account)
    assert sum(1 for c in codes.values() if c.parent is None) == 2
    assert len(account.problems) == 2


def test_a_taguette_project(tmp_path):
    path = taguette_file(
        tmp_path, ("è bello 😀", "anna", 2), ("Città", "bea", 1), ("one", "bea", 3)
    )
    imported = read_taguette(path)
    study = imported.study
    assert study.title == "Work"
    assert study.codings[["exact", "code", "coder", "at"]].values.tolist() == [
        ["Città", "trust", "bea", "2026-03-01T09:00:00Z"],
        ["è bello 😀", "self", "anna", "2026-03-01T09:00:00Z"],
        ["one", "vs._home", "bea", "2026-03-01T09:00:00Z"],
    ]
    assert study.text("S1-R1") == "Città\n\nShe said: è bello 😀 qui.\none\ntwo\n"
    assert study.codebook["self"].parent == "trust"
    assert study.codebook["vs._home"].name() == "vs. home"
    assert "differ" not in " ".join(imported.report["why"])


def test_the_last_command_tells_the_coder(tmp_path):
    path = taguette_file(tmp_path, ("one", "anna", 1))
    connection = sqlite3.connect(path)
    payload = json.dumps({"type": "highlight_add", "highlight_id": 1})
    connection.execute(
        "INSERT INTO commands VALUES (NULL, '2026-04-01 09:00:00.5', 'bea', 1, 1, ?)", (payload,)
    )
    connection.execute("INSERT INTO commands VALUES (NULL, '', 'eve', 1, 1, 'not json')")
    connection.commit()
    connection.close()
    assert read_taguette(path).study.codings[["coder", "at"]].values.tolist() == [
        ["bea", "2026-04-01T09:00:00.5Z"]
    ]


def test_stored_words_decide_and_the_move_is_told(tmp_path):
    path = taguette_file(tmp_path, ("one", "anna", 1))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE highlights SET start_offset = start_offset - 2")
    connection.commit()
    connection.close()
    imported = read_taguette(path)
    assert imported.study.codings["exact"].tolist() == ["one"]
    assert "1 coding: its offsets led to other words" in " ".join(imported.report["why"])


def test_several_taguette_projects(tmp_path):
    path = taguette_file(tmp_path, ("one", "anna", 1))
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO projects VALUES (2, 'Other', '', '')")
    connection.commit()
    connection.close()
    with pytest.raises(QuidqualError, match="'Other'"):
        read_taguette(path)
    assert len(read_taguette(path, project="Work").study.codings) == 1


def test_highlights_and_codebook_exported_as_csv(tmp_path):
    (tmp_path / "all_tags.csv").write_text(
        'id,document,tag,content\r\n1,Talk,trust,I trust\r\n1,Talk,home,I trust\r\n2,Talk,home,"At\nhome"\r\n',
        encoding="utf-8",
    )
    study = read_taguette(tmp_path / "all_tags.csv").study
    assert study.codings[["exact", "code"]].values.tolist() == [
        ["I trust", "home"],
        ["I trust", "trust"],
        ["At\nhome", "home"],
    ]
    (tmp_path / "codebook.csv").write_text(
        "tag,description,number of highlights\r\na,x,3\r\na.b,,1\r\n", encoding="utf-8"
    )
    assert read_taguette(tmp_path / "codebook.csv").codebook["b"].parent == "a"
    (tmp_path / "other.csv").write_text("a,b\r\n", encoding="utf-8")
    with pytest.raises(QuidqualError, match="columns must be"):
        read_taguette(tmp_path / "other.csv")


def test_dots_are_hierarchy_only_under_a_tag():
    tree = {
        c.name: c.parent
        for c in tag_tree(
            [("1", "a", ""), ("2", "a.b.c", ""), ("3", "x.y", ""), ("4", "a.", "")], Account("x")
        )
    }
    assert tree == {"a": None, "b.c": "1", "x.y": None, "a.": None}


def test_bytes_inside_a_character_are_rounded_as_taguette_does():
    tagged = tagged_text("<p>è😀x</p>", file="x")
    assert tagged.text[slice(*tagged.place(1, 3))] == "😀"
    assert tagged.place(0, 99) is None
    assert tagged.place(-1, 2) is None


def test_text_of_a_page():
    page = "<html><head><title>T</title><style>p{}</style></head><body><p>One<br>two</p><script>x()</script><table><tr><td>a</td><td>b</td></tr></table></body></html>"
    assert html_text(page, file="x") == "One\ntwo\na\nb"


# Hostile and broken databases


@pytest.mark.parametrize("reader", [read_qualcoder, read_taguette])
@pytest.mark.parametrize("data", [b"", b"no database", b"SQLite format 3\x00" + b"\x00" * 2000])
def test_what_is_no_database(tmp_path, reader, data):
    (tmp_path / "data.qda").write_bytes(data)
    with pytest.raises(QuidqualError):
        reader(tmp_path / "data.qda")


def test_the_file_is_never_written(qualcoder):
    before = (qualcoder / "data.qda").read_bytes()
    names = sorted(p.name for p in qualcoder.iterdir())
    read_qualcoder(qualcoder)
    assert (qualcoder / "data.qda").read_bytes() == before
    assert sorted(p.name for p in qualcoder.iterdir()) == names


def test_a_project_that_is_still_open_is_refused(qualcoder):
    (qualcoder / "data.qda-wal").write_bytes(b"x")
    with pytest.raises(QuidqualError, match="Close the project"):
        read_qualcoder(qualcoder)


def test_a_view_in_place_of_a_table_is_never_run(tmp_path):
    endless = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id FROM n"
    )
    script = QUALCODER + f"DROP TABLE code_text; CREATE VIEW code_text AS {endless};"
    begin = time.monotonic()
    with pytest.raises(QuidqualError):
        read_qualcoder(database(tmp_path / "data.qda", script))
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize(
    "statement",
    ["SELECT load_extension('x')", "ATTACH 'other.db' AS o", "PRAGMA user_version", "SELECT randomblob(1000000000)",
     "DELETE FROM source", "CREATE TABLE t (x)", "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT * FROM n"],
)  # fmt: skip
def test_nothing_but_reading_is_allowed(qualcoder, statement):
    with pytest.raises(QuidqualError), open_database(qualcoder / "data.qda") as tables:
        tables._connection.execute(statement).fetchall()


def test_reading_ends_when_its_time_is_over(qualcoder):
    with pytest.raises(QuidqualError), open_database(qualcoder / "data.qda", seconds=0) as tables:
        tables._connection.execute(
            "SELECT count(*) FROM " + ", ".join(["code_text"] * 30)
        ).fetchall()


def test_generated_columns_and_wrong_types_are_refused(tmp_path):
    path = database(
        tmp_path / "data.qda", QUALCODER, ("UPDATE source SET fulltext = ?", (b"\xff\xfe",))
    )
    with pytest.raises(QuidqualError, match="unexpected type"):
        read_qualcoder(path)


@pytest.mark.parametrize("kind", ["qualcoder", "taguette"])
def test_mutated_databases(tmp_path, qualcoder, kind):
    """Each page of a real file is damaged some hundred times over."""
    if kind == "qualcoder":
        source, read = qualcoder / "data.qda", read_qualcoder
    else:
        source, read = (
            taguette_file(tmp_path / "t", ("è bello", "anna", 2), ("one", "bea", 3)),
            read_taguette,
        )
    data = source.read_bytes()
    path = tmp_path / "m.sqlite3"
    rng = random.Random(7)
    for n in range(400 * THOROUGH):
        made = bytearray(data)
        for _ in range(rng.choice([1, 3, 30])):
            at = rng.randrange(len(made))
            made[at : at + rng.choice([1, 4])] = rng.randbytes(rng.choice([1, 4]))
        path.write_bytes(bytes(made))
        with suppress(QuidqualError):
            read(path, on_error=("raise", "report")[n % 2])
