"""A newcomer's walk: raw files in Spanish and German to a counted, adjudicated result.

Everything is done as a person does it, with the command line, the surface and three calls; no
line of JSON is written. Each act is given the time that the keystroke-level model gives it
(Card, Moran & Newell, Communications of the ACM 23, 1980): 0.28 s a key for an average typist,
1.1 s to point, 0.1 s a press or release of the button, 0.4 s from mouse to keyboard, 1.35 s to
make up one's mind; notes are read at 200 words a minute, and before each command a person
looks things up for 20 s.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

import quidqual as qq
from quidqual.cli import main
from quidqual.faces.frame_face import frame_html
from quidqual.widget.coding_surface import CodingSurface
from tests.widget.test_in_a_browser import drag, opened, settled

KEY, POINT, PRESS, HOME, MIND, LOOK_UP, WORDS_A_SECOND = 0.28, 1.1, 0.1, 0.4, 1.35, 20, 200 / 60

NOTES = {
    "Entrevista Marisol ronda 1 FINAL.docx": [
        "Marisol llegó con el abrigo puesto y no se lo quitó.",
        "«Al principio no me fiaba de nadie», dijo, y miró la puerta. Trabaja en la cocina.",
        "Le pregunté por las compañeras. «No hablo con ellas. Cada una va a lo suyo».",
    ],
    "Marisol_ronda2.txt": [
        "Esta vez se quitó el abrigo.",
        "«Con Lola sí hablo, me fío de ella», dijo riendo. Han salido juntas dos domingos.",
        "Del trabajo dice que va bien: «Ya sé hacer el turno sola».",
    ],
    "Gespräch Jürgen Welle 1 (2).odt": [
        "Jürgen sitzt lange schweigend da.",
        "„Ich traue hier keinem“, sagt er schließlich. Die Arbeit sei ihm zu laut.",
        "Nach Freunden gefragt, winkt er ab: „Freunde? Nein.“",
    ],
    "Jürgen - Welle 2 - Abschrift.docx": [
        "Jürgen kommt zu früh und bringt Brot mit.",
        "„Mit dem Koch rede ich jetzt“, sagt er. „Dem traue ich.“",
        "Die Arbeit gefällt ihm besser: er darf das Brot allein backen.",
    ],
}
ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>{}'
    "</office:text></office:body></office:document-content>"
)


def raw_files(folder: Path, names=tuple(NOTES)) -> Path:
    folder.mkdir()
    for name in names:
        path, lines = folder / name, NOTES[name]
        if path.suffix == ".docx":
            document = docx.Document()
            for line in lines:
                document.add_paragraph(line)
            document.save(path)
        elif path.suffix == ".odt":
            with zipfile.ZipFile(path, "w") as archive:
                body = "".join(f"<text:p>{line}</text:p>" for line in lines)
                archive.writestr("content.xml", ODT.format(body))
        else:
            path.write_text("\r\n\r\n".join(lines) + "\r\n", encoding="utf-8")
    return folder


class Person:
    """Acts as a person does, and counts the time it would take one."""

    def __init__(self):
        self.seconds = 0.0
        self.page = None

    def at(self, page):
        """Sit down at a page: look at it."""
        self.page = opened(page)
        self.seconds += LOOK_UP
        return self

    def typed(self, *words):
        """Type a command line."""
        line = "quidqual " + " ".join(f'"{w}"' if " " in w else w for w in map(str, words))
        self.seconds += LOOK_UP + KEY * len(line)
        assert main([str(w) for w in words]) == 0, line

    def writes(self, line):
        """Type a line of Python into a cell."""
        self.seconds += LOOK_UP + KEY * len(line)

    def reads(self, text):
        self.seconds += len(text.split()) / WORDS_A_SECOND

    def clicks(self, place):
        self.page.click(place)
        self.seconds += MIND + POINT + 2 * PRESS
        settled(self.page)

    def marks(self, words):
        drag(self.page, words)
        self.seconds += MIND + 2 * POINT + 2 * PRESS

    def keys(self, *keys):
        for key in keys:
            if key in ("Enter", "Tab", "Control+Enter"):
                self.page.keyboard.press(key)
                self.seconds += KEY
            else:
                self.page.keyboard.type(key)
                self.seconds += KEY * len(key)
        self.seconds += MIND + HOME
        settled(self.page)

    def codes(self, words, letters):
        """Mark words with the mouse, type a few letters of a code."""
        self.marks(words)
        self.keys("Enter", letters, "Enter")

    def creates(self, words, name, definition):
        """Mark words, type the name of a code that is not there, say what it means."""
        self.marks(words)
        self.keys("Enter", name, "Enter")
        self.keys("Tab", "Tab", definition, "Control+Enter")


def study_notes(folder):
    return dict(qq.open_study(folder).notes[["interview", "text"]].itertuples(index=False))


@pytest.mark.browser
def test_two_people_two_rounds_two_coders_in_under_ten_minutes(show, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    raw_files(tmp_path / "entrevistas")
    me, karl = Person(), Person()

    # files as they lie there: docx, odt, txt; names as people give them
    me.typed("import", "entrevistas", "--study", "cocina", "--language", "Marisol=es,Jürgen=de",
             "--corpus", "synthetic")  # fmt: skip
    understood = capsys.readouterr().out
    assert [line.split()[0] for line in understood.splitlines()[-2:]] == ["Marisol", "Jürgen"]
    me.typed("validate", "--study", "cocina")
    assert "0 errors" in capsys.readouterr().out
    study = qq.open_study("cocina")
    said = [study.text(i)[a:b] for i in study.notes["interview"] for a, b in study.verbatim(i)]
    assert "„Ich traue hier keinem“" in said
    assert "«Ya sé hacer el turno sola»" in said
    first, second = "Entrevista_Marisol_ronda_1_FINAL", "Marisol_ronda2"
    third, fourth = "Gespräch_Jürgen_Welle_1_2", "Jürgen_Welle_2_Abschrift"

    # the first coder makes the codes while she reads
    with qq.coding_session("cocina", coder="Ines") as c:
        me.writes('qq.annotate("cocina", coder="Ines")')
        me.at(show(CodingSurface(c)))
        for text in study_notes("cocina").values():
            me.reads(text)
        me.clicks(f"[data-interview='{first}']")
        me.creates("no me fiaba de nadie", "Desconfianza", "No se fía de quien tiene cerca.")
        me.codes("No hablo con ellas", "desc")
        me.keys("r")
        me.clicks(f"[data-interview='{second}']")
        me.creates("me fío de ella", "Confianza", "Se fía de alguien y lo dice.")
        me.keys("r")
        me.clicks(f"[data-interview='{third}']")
        me.codes("Ich traue hier keinem", "desc")
        me.codes("Freunde? Nein.", "desc")
        me.keys("r")
        me.clicks(f"[data-interview='{fourth}']")
        me.codes("Dem traue ich.", "conf")
        me.keys("r")
        assert me.page.locator(".qq-progress").inner_text() == "4 of 4 read"

    # the second coder, blind, with these codes
    with qq.coding_session("cocina", coder="Karl", blind=True) as c:
        karl.writes('qq.annotate("cocina", coder="Karl", blind=True)')
        karl.at(show(CodingSurface(c)))
        for text in study_notes("cocina").values():
            karl.reads(text)
        assert karl.page.locator(".qq-coded").count() == 0
        for interview, passages in (
            (first, [("no me fiaba de nadie", "desc")]),
            (second, [("me fío de ella", "conf"), ("Han salido juntas dos domingos.", "conf")]),
            (third, [("Ich traue hier keinem", "desc")]),
            (fourth, [("„Dem traue ich.“", "conf")]),
        ):
            karl.clicks(f"[data-interview='{interview}']")
            for words, letters in passages:
                karl.codes(words, letters)
            karl.keys("r")

    # side by side: what is the same in one command, the rest one by one with a reason
    pair = ("--first", "Ines", "--second", "Karl", "--coder", "acordado", "--study", "cocina")
    me.typed("decide", "--same", "--take", "first", *pair)
    with qq.coding_session("cocina", coder="acordado") as c:
        me.writes('qq.annotate("cocina", coder="acordado", compare=("Ines", "Karl"))')
        me.at(show(CodingSurface(c, compare=("Ines", "Karl"))))
        for interview, kind, take, reason in (
            (first, "missed", "first", "no habla con nadie"),
            (second, "missed", "neither", "salir no es fiarse"),
            (third, "missed", "first", "sagt nein"),
            (fourth, "other bounds", "first", "ohne Zeichen"),
        ):
            me.clicks(f"[data-interview='{interview}']")
            case = me.page.locator(".qq-case", has_text=kind).first
            case.locator("input").click()
            me.seconds += MIND + POINT + 2 * PRESS
            me.keys(reason)
            case.locator(f"[data-take={take}]").click()
            me.seconds += POINT + 2 * PRESS
            settled(me.page)
        assert c.compare("Ines", "Karl")["decided"].ne("").all()
        assert c.study.notes_read("acordado") == set(study_notes("cocina")), "both read them"

    # counted: k of n by round, each person's course
    me.writes('p = qq.presence(qq.open_study("cocina"), coder="acordado")')
    presence = qq.presence(qq.open_study("cocina"), coder="acordado")
    me.writes('qq.prevalence(p, by=("code", "round"))')
    table = qq.prevalence(presence, by=("code", "round"))
    counted = {(r.code, r.round): r.label for r in table.itertuples()}
    assert counted == {
        ("desconfianza", "R1"): "2 of 2", ("desconfianza", "R2"): "0 of 2",
        ("confianza", "R1"): "0 of 2", ("confianza", "R2"): "2 of 2",
    }  # fmt: skip
    assert "2 of 2 ●●" in frame_html(table)
    course = qq.change(presence).set_index(["participant", "code"])["simple"].astype(str)
    assert course["Marisol", "desconfianza"] == course["Jürgen", "desconfianza"] == "faded"
    assert course["Marisol", "confianza"] == course["Jürgen", "confianza"] == "emerged"
    me.typed("report", "cocina.html", "--study", "cocina")
    page = Path("cocina.html").read_text("utf-8")
    assert "me fío de ella" in page
    assert "synthetic" in page
    with capsys.disabled():
        print(f"\nthe walk takes {me.seconds / 60:.1f} minutes, the second coder "
              f"{karl.seconds / 60:.1f}")  # fmt: skip
    assert me.seconds < 600
    assert karl.seconds < 300
    assert me.page.faults == []


def test_one_person_one_round_in_a_terminal(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    raw_files(tmp_path / "one", ["Marisol_ronda2.txt"])
    me = Person()
    me.typed("import", "one/Marisol_ronda2.txt", "--study", "uno", "--language", "es",
             "--corpus", "synthetic")  # fmt: skip
    monkeypatch.setenv("QUIDQUAL_CODER", "Ines")
    me.typed("codebook", "create", "confianza", "--label", "Confianza", "--study", "uno")
    me.typed("code", "add", "Marisol-ronda2", "--words", "me fío de ella", "--code", "confianza",
             "--study", "uno")  # fmt: skip
    me.typed("read", "Marisol-ronda2", "--study", "uno")
    me.typed("report", "uno.html", "--study", "uno")
    capsys.readouterr()
    study = qq.open_study("uno")
    table = qq.prevalence(qq.presence(study))
    assert table["label"].tolist() == ["1 of 1"]
    assert study.codebook["confianza"].label == {"es": "Confianza"}
    for frame in (qq.presence(study), table, qq.change(qq.presence(study)), study.codings):
        assert "<table>" in frame_html(frame)
    assert me.seconds < 240


def test_five_hundred_people_and_nothing_explodes(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(500):
        for time in (1, 2):
            trust = (number + time) % 5 == 0
            words = "«Me fío de Lola»" if trust else "«No me fío de nadie»"
            path = raw / f"P{number:03} Ronda {time}.txt"
            path.write_text(f"Llega tarde.\n\n{words}, dice.\n", encoding="utf-8")
    me = Person()
    me.typed("import", "raw", "--study", "todo", "--language", "es", "--corpus", "synthetic")
    told = capsys.readouterr().out
    assert len(told.splitlines()) < 600, "a line a person, not one a file"
    monkeypatch.setenv("QUIDQUAL_CODER", "Ines")
    for code in ("confianza", "desconfianza"):
        me.typed("codebook", "create", code, "--study", "todo")
    me.typed("code", "find", "fío de Lola", "--code", "confianza", "--study", "todo")
    me.typed("code", "find", "fío de nadie", "--code", "desconfianza", "--study", "todo")
    assert capsys.readouterr().out.splitlines()[-2:] == ["200 coded", "800 coded"]
    with qq.coding_session("todo", coder="Ines") as c:
        c.read(*c.study.notes["interview"])
    study = qq.open_study("todo")
    presence = qq.presence(study)
    table = qq.prevalence(presence, by=("code", "round"))
    assert table["label"].tolist() == ["100 of 500", "100 of 500", "400 of 500", "400 of 500"]
    for frame in (presence, table, qq.change(presence), study.codings):
        assert 0 < len(frame_html(frame)) < 60_000
    assert len(study._repr_html_()) < 20_000
    with qq.coding_session("todo", coder="Karl") as c:
        surface = CodingSurface(c)
        assert len(surface.answer({"op": "open"})["interviews"]) == 1000
        found = surface.answer({"op": "find", "query": "fío"})
        assert (len(found["rows"]), found["n"]) == (500, 1000)
    assert me.seconds < 300
