"""Thousands of damaged files of every format that is read: one kind of error, in time, in memory.

    python benchmarks/interchange/fuzz.py [--files 10000] [--seed 1] [--minutes 20]

Each file is a small sound one that was damaged: bytes changed, cut, doubled or repeated without
end, values swapped, parts of an archive damaged and packed again. It must be read or refused by
a `QuidqualError`, within ten seconds, and no worker may take a gigabyte. A file is made of the
seed, the format and its number alone, so each can be made again; `tests/interchange/test_fuzz.py`
reads some hundred of them. `fuzz.txt` is what a whole run printed.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import random
import re
import resource
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import quidqual as qq
from quidqual.study.errors import QuidqualError

SECONDS, MEGABYTES, CHUNK = 10.0, 1024, 125
SECRET = "Quittengelee"  # stands in every text and may stand in no message
TALK = f"I: Why?\nAnna: I stay at home 😀, {SECRET}.\nI: Alone?\nAnna: „jeden Schritt“ with R., è così.\n"
TOKENS = [
    b"", b"-1", b"0", b"9" * 25, b"9" * 5_000, b"1e999", b"nan", b"<a>", b"&x;", b"<!DOCTYPE a>", b"\x00", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\r\n", b"null", b"{}", b"[]", b"[", b"{", b'"', b"'", b";", b"\t", "😀".encode(), b"\xed\xa0\x80",
    "e\u0301\u0316".encode(), "“".encode(), b"<v a ", b"-->", b"../x", b"/etc/passwd", b"\\u-10179?", b"\\'e0", b"{\\field{",
    b"<Coding/>", b"true", b"!!bool x", b"&a *a", b"obj", b"endstream", b"$date", b"$dict", b"=1+1", b"%s", b"|",
]  # fmt: skip


def study() -> qq.Study:
    """A study that says everything once."""
    return qq.Study.from_tables(
        title="Work & home", corpus="synthetic", rounds=[{"round": "R1"}, {"round": "R2"}],
        participants=[{"participant": "P1", "group": "a", "age": "40s"}, {"participant": "P2", "group": "b"}],
        interviews=[
            {"interview": "P1-R1", "participant": "P1", "round": "R1", "date": "2021-05-04", "language": "en"},
            {"interview": "P1-R2", "participant": "P1", "round": "R2", "status": "not_due"},
            {"interview": "P2-R1", "participant": "P2", "round": "R1", "language": "de"},
            {"interview": "P2-R2", "participant": "P2", "round": "R2", "status": "missed"},
        ],
        notes={"P1-R1": TALK, "P2-R1": "È così: “perché no?”"},
        codebook=[
            {"id": "ties", "codable": False},
            {"id": "trust", "parent": "ties", "colour": "#ff8000", "patterns": {"en": ["trust*"]}, "memo": "Split?"},
            {"id": "home"},
        ],
        codings=[
            {"interview": "P1-R1", "start": 14, "end": 28, "code": "home", "coder": "Anna", "memo": "a & b"},
            {"interview": "P2-R1", "start": 9, "end": 18, "code": "trust", "coder": "Bea", "weight": 0.5},
        ],
        claims=[{"id": "C1", "kind": "prevalence", "summary": "One.", "for": ["home"], "stated": {"k": 1, "n": 2},
                 "check": {"measure": "prevalence", "codes": ["home"], "k": 1, "n": 2}}],
    )  # fmt: skip


def _zip(members: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _docx() -> bytes:
    import docx

    document, stream = docx.Document(), io.BytesIO()
    for line in TALK.splitlines():
        document.add_paragraph(line)
    document.add_table(rows=1, cols=2).rows[0].cells[1].text = "In a cell"
    document.save(stream)
    return stream.getvalue()


def _xlsx() -> bytes:
    import openpyxl

    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in (
        ["id", "round", "group", "text"],
        ["A", "1", "a", f"Yes, {SECRET}"],
        ["B", 2, "b", 7.5],
    ):
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def _pdf() -> bytes:
    body = b"BT /F1 12 Tf 20 100 Td (She stays: " + SECRET.encode() + b".) Tj ET"
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length " + str(len(body)).encode() + b">>\nstream\n" + body + b"\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF\n"
    )  # fmt: skip


def _database(folder: Path, script: str, *rows: tuple[str, tuple[object, ...]]) -> bytes:
    path = folder / "made.sqlite3"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA page_size=512")
    connection.executescript(script)
    for statement, values in rows:
        connection.execute(statement, values)
    connection.commit()
    connection.close()
    return path.read_bytes()


def _qualcoder(folder: Path) -> bytes:
    at = TALK.index("stay")
    return _database(
        folder,
        "CREATE TABLE project (databaseversion text, memo text, about text); CREATE TABLE code_cat (catid integer, name text, memo text,"
        " supercatid integer); CREATE TABLE code_name (cid integer, name text, memo text, catid integer, color text, supercid integer);"
        "CREATE TABLE source (id integer, name text, fulltext text, mediapath text, memo text); CREATE TABLE code_text (ctid integer,"
        " cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text, memo text, important integer);"
        "CREATE TABLE cases (caseid integer, name text, memo text); CREATE TABLE case_text (caseid integer, fid integer, pos0 integer,"
        " pos1 integer); CREATE TABLE attribute (name text, attr_type text, value text, id integer);"
        "INSERT INTO project VALUES ('v17', 'About', ''); INSERT INTO code_cat VALUES (1, 'Ties', '', NULL);"
        "INSERT INTO code_name VALUES (1, 'trust', '', 1, '#ff8000', NULL), (2, 'home', '', NULL, '', NULL);"
        "INSERT INTO cases VALUES (1, 'Maria', ''); INSERT INTO case_text VALUES (1, 1, 0, 90);"
        "INSERT INTO attribute VALUES ('group', 'case', 'a', 1);",
        ("INSERT INTO source VALUES (1, 'S1.txt', ?, NULL, '')", (TALK,)),
        ("INSERT INTO code_text VALUES (1, 2, 1, 'stay', ?, ?, 'Anna', '2026-02-01 10:00:00', '', 1)", (at, at + 4)),
    )  # fmt: skip


def _taguette(folder: Path) -> bytes:
    return _database(
        folder,
        "CREATE TABLE projects (id integer, name text, description text); CREATE TABLE documents (id integer, name text, description text,"
        " project_id integer, contents text); CREATE TABLE commands (id integer, date text, user_login text, project_id integer, payload text);"
        "CREATE TABLE highlights (id integer, document_id integer, start_offset integer, end_offset integer, snippet text);"
        "CREATE TABLE tags (id integer, project_id integer, path text, description text); CREATE TABLE highlight_tags (highlight_id integer,"
        " tag_id integer); INSERT INTO projects VALUES (1, 'Work', ''); INSERT INTO tags VALUES (1, 1, 'a', ''), (2, 1, 'a.b', '');"
        "INSERT INTO highlights VALUES (1, 1, 0, 3, 'She'); INSERT INTO highlight_tags VALUES (1, 2);",
        ("INSERT INTO documents VALUES (1, 'D', '', 1, ?)", (f"<p>She <b>stays</b>: {SECRET} 😀.</p><ul><li>è</li></ul>",)),
        ("INSERT INTO commands VALUES (1, '2026-03-01', 'anna', 1, ?)", (json.dumps({"type": "highlight_add", "highlight_id": 1}),)),
    )  # fmt: skip


def seeds(folder: Path) -> dict[str, bytes]:
    """One sound file of every format, by its name; ``study/...`` stands in a study folder."""
    made = study()
    cues = (
        "00:01.000 --> 00:02.000\n<v Anna>I stay, "
        + SECRET
        + ".</v>\n\n00:03.000 --> 00:04.000\n<v I>Why?\n"
    )
    odt = (
        '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:t="urn:oasis:names:tc:opendocument:'
        f'xmlns:text:1.0"><o:body><o:text><t:h>Talk</t:h><t:p>She<t:s t:c="2"/>stays: {SECRET}<t:tab/>.</t:p></o:text></o:body>'
        "</o:document-content>"
    )
    files = {
        "a.qdpx": qq.write(made, folder / "a.qdpx", dialect="standard", replace=True).read_bytes(),
        "a.qdc": qq.write(made, folder / "a.qdc", replace=True).read_bytes(),
        "data.qda": _qualcoder(folder),
        "a.sqlite3": _taguette(folder),
        "all_tags.csv": f"id,document,tag,content\r\n1,Talk,trust,I {SECRET}\r\n".encode(),
        "codebook.csv": b"tag,description,number of highlights\r\na,x,3\r\na.b,,1\r\n",
        "S1-R1.txt": TALK.encode(),
        "S1-R1.md": f"# S1\n\n- She “stays”\n- {SECRET}\n".encode(),
        "otter.txt": f"SUMMARY KEYWORDS\nhome\n\nSPEAKERS\nAnna\n\nAnna  0:01\n{SECRET}\n\nBea  0:05\nYes\n".encode(),
        "a.docx": _docx(),
        "a.odt": _zip({"content.xml": odt}),
        "a.rtf": rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}}\f0 citt\'e0 \u8220?I stay\u8221? \u-10179?\u-8704?\par "
                 + SECRET.encode() + b"}",
        "a.pdf": _pdf(),
        "a.html": f"<h1>T</h1><p>She <b>stays</b> {SECRET}<table><tr><td>c".encode(),
        "a.vtt": f"WEBVTT\n\n{cues}".encode(),
        "a.srt": f"1\n00:00:01,000 --> 00:00:02,500\nAnna: Hello {SECRET}\n\n2\n00:00:03,000 --> 00:00:04,000\nI: Why?\n".encode(),
        "answers.csv": f"id;wave;group;text\nA;1;a;{SECRET}\nB;2;b;no\n".encode(),
        "answers.tsv": f"id\twave\ttext\nA\t1\t{SECRET}\n".encode(),
        "answers.xlsx": _xlsx(),
    }  # fmt: skip
    place = made.save(folder / "sound")
    for path in sorted(p for p in place.rglob("*") if p.is_file()):
        files[f"study/{path.relative_to(place).as_posix()}"] = path.read_bytes()
    return files


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Damage bytes in one to five places."""
    made = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5])):
        at = rng.randrange(len(made) or 1)
        to = min(len(made), at + rng.choice([1, 2, 8, 40, 300]))
        kind = rng.randrange(12)
        if kind < 3 and made:
            made[at % len(made)] = rng.randrange(256)
        elif kind < 5:
            del made[at:to]
        elif kind < 8:
            made[at : at if kind < 7 else to] = rng.choice(TOKENS)
        elif kind < 9:
            made[at:at] = made[at:to] * rng.choice([1, 2, 20])
        elif kind < 10:
            made = bytearray(_swapped(bytes(made), rng))
        elif kind < 11:
            del made[at:]
        else:
            made[at:at] = rng.choice(TOKENS) * rng.choice([50, 500])
        if len(made) > 2_000_000:
            break
    return bytes(made)


def _swapped(data: bytes, rng: random.Random) -> bytes:
    """Put one quoted value in the place of another."""
    values = re.findall(rb'"[^"]{0,200}"', data)
    if not values:
        return data
    old, new = rng.choice(values), rng.choice([*values, b'""', b'"-5"', b'"x"'])
    places = [m.start() for m in re.finditer(re.escape(old), data)]
    at = rng.choice(places)
    return data[:at] + new + data[at + len(old) :]


def mutant(name: str, data: bytes, rng: random.Random) -> bytes:
    """Damage a file; of an archive mostly one of its members, which is packed again."""
    if data[:2] != b"PK" or rng.random() < 0.3:
        return damaged(data, rng)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    chosen = rng.choice(
        [*members, *(m for m in members if m.endswith((".qde", "document.xml", "sheet1.xml")))]
    )
    return _zip({m: damaged(d, rng) if m == chosen else d for m, d in members.items()})


@dataclass
class Outcome:
    """What became of one file."""

    name: str
    number: int
    what: str  # read, refused, or the foreign exception
    seconds: float  # of computing, whatever else the machine does
    leaked: bool = False


def outcomes(folder: Path, seed: int, jobs: list[tuple[str, int]]) -> Iterator[Outcome]:
    """Damage and read files, one after the other."""
    sound = seeds(folder)
    for name, number in jobs:
        rng = random.Random(f"{seed}:{name}:{number}")
        yield _outcome(folder, name, number, mutant(name, sound[name], rng), sound)


def _outcome(folder: Path, name: str, number: int, data: bytes, sound: dict[str, bytes]) -> Outcome:
    path = folder / "damaged" / name.rpartition("/")[2]
    path.parent.mkdir(exist_ok=True)
    work: Callable[[], object]
    if name.startswith("study/"):
        home = folder / "study"
        for key, whole in sound.items():
            if key.startswith("study/"):
                (folder / key).parent.mkdir(parents=True, exist_ok=True)
                (folder / key).write_bytes(data if key == name else whole)
        work = lambda: qq.open_study(home)  # noqa: E731
    else:
        path.write_bytes(data)
        work = lambda: qq.read(path, on_error=("raise", "report")[number % 2])  # noqa: E731
    begin, what, leaked = time.process_time(), "read", False
    try:
        work()
    except QuidqualError as error:
        what, leaked = "refused", SECRET in str(error)
    except Exception as error:  # everything else is a fault of ours
        what = f"{type(error).__name__}: {str(error)[:80]}"
    return Outcome(name, number, what, time.process_time() - begin, leaked)


def _worker(seed: int, jobs: list[tuple[str, int]], queue: multiprocessing.Queue) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for outcome in outcomes(Path(folder), seed, jobs):
            queue.put(outcome)
    queue.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def _chunk(seed: int, jobs: list[tuple[str, int]]) -> tuple[list[Outcome], int]:
    """Read a chunk of files in a process of its own, so that a death or a hang is counted."""
    queue: multiprocessing.Queue = multiprocessing.Queue()
    process = multiprocessing.Process(target=_worker, args=(seed, jobs, queue))
    process.start()
    found: list[Outcome] = []
    while True:
        try:
            item = queue.get(timeout=60)
        except Exception:
            dead = "the interpreter died" if not process.is_alive() else "hang of a minute"
            process.kill()
            name, number = jobs[len(found)]
            found.append(Outcome(name, number, dead, 60.0))
            rest, peak = _chunk(seed, jobs[len(found) :]) if len(found) < len(jobs) else ([], 0)
            return found + rest, peak
        if isinstance(item, int):
            process.join()
            return found, item
        found.append(item)


def main() -> int:
    """Read the files and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        names = list(seeds(Path(folder)))
    jobs = [(names[n % len(names)], n // len(names)) for n in range(chosen.files)]
    begin, found, peak = time.monotonic(), [], 0
    for at in range(0, len(jobs), CHUNK):
        part, used = _chunk(chosen.seed, jobs[at : at + CHUNK])
        found, peak = found + part, max(peak, used)
        if time.monotonic() - begin > 60 * chosen.minutes:
            break
    wrong = [o for o in found if o.what not in ("read", "refused") or o.seconds > SECONDS]
    print(
        f"{len(found)} damaged files of {len(names)} kinds, seed {chosen.seed}, in {time.monotonic() - begin:.0f} s"
    )
    print(f"{'file':32} {'read':>6} {'refused':>8} {'foreign':>8} {'slowest':>8}")
    for name in names:
        own = [o for o in found if o.name == name]
        counts = Counter(o.what if o.what in ("read", "refused") else "foreign" for o in own)
        slowest = max((o.seconds for o in own), default=0.0)
        print(
            f"{name:32} {counts['read']:6} {counts['refused']:8} {counts['foreign']:8} {slowest:7.2f}s"
        )
    print(f"foreign exceptions: {sum(o.what not in ('read', 'refused') for o in found)}")
    print(f"longer than {SECONDS:.0f} s: {sum(o.seconds > SECONDS for o in found)}")
    print(f"largest worker: {peak} MB (allowed: {MEGABYTES})")
    print(f"messages with a word of a text: {sum(o.leaked for o in found)}")
    for o in wrong[:40]:
        print(f"  {o.name} {o.number}: {o.what} ({o.seconds:.1f} s)")
    for o in [o for o in found if o.leaked][:10]:
        print(f"  a word is told: {o.name} {o.number}")
    return bool(wrong) or peak > MEGABYTES


if __name__ == "__main__":
    sys.exit(main())
