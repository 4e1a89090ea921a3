import time

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import quidqual as qq
from quidqual.study.anchor import find, write_moves


def test_context_decides_between_two_places():
    text = "red home. blue home."
    assert find(text, "home", 50, 54, prefix="blue ").start == 15
    assert find(text, "home", 50, 54, prefix="red ").start == 4
    assert find(text, "home", 50, 54).status == "lost"


def test_an_edited_note_moves_or_loses_and_says_so(small):
    note = small / "notes/P1-R1.md"
    note.write_text("Today. " + note.read_text("utf-8"), "utf-8")
    (small / "notes/P1-R2.md").write_text("Nothing is left.\n", "utf-8")
    problems = qq.validate(small)
    assert problems["level"].tolist() == ["warning", "warning"]
    assert problems["row"].tolist() == [1, 2]
    assert "Nothing" not in problems.to_string()
    study = qq.open_study(small)
    assert study.codings[["start", "end", "exact", "anchor"]].values.tolist() == [
        [17, 25, "the work", "moved"]
    ]
    assert study.lost["id"].tolist() == ["c2"]


def test_moves_are_written_as_edits_and_the_old_lines_stay(small):
    log = small / "codings/A.jsonl"
    before = log.read_bytes()
    note = small / "notes/P1-R1.md"
    note.write_text("Today. " + note.read_text("utf-8"), "utf-8")
    report = write_moves(small, at="2021-08-01T00:00:00Z")
    assert report["anchor"].tolist() == ["moved"]
    assert log.read_bytes().startswith(before)
    assert len(qq.validate(small)) == 0
    assert qq.open_study(small).codings["anchor"].tolist() == ["exact", "exact"]


@given(st.text(alphabet="ab 🙂è", max_size=20), st.text(alphabet="ab 🙂è", max_size=20))
def test_words_put_behind_new_text_are_found(before, after):
    codings = pd.DataFrame(
        {
            "interview": ["P"],
            "start": [0],
            "end": [6],
            "exact": ["Xfound"],
            "prefix": [""],
            "suffix": [""],
        }
    )
    moved = qq.hand_coding.reanchor(codings, {"P": f"{before}Xfound{after}"})
    start, end, status = moved[["start", "end", "anchor"]].iloc[0]
    assert status == ("exact" if start == 0 else "moved")
    assert f"{before}Xfound{after}"[start:end] == "Xfound"


def test_words_that_stand_thousands_of_times_are_told_apart_in_time():
    """Each place was compared sign by sign in Python, for each coding anew."""
    text = "home " * 40_000 + "at last home"
    before = time.process_time()
    for n in range(300):
        assert find(text, "home", 5 * n + 1, 5 * n + 5, prefix="at last ").start == len(text) - 4
        assert find(text, "home", 5 * n + 1, 5 * n + 5, suffix="x").status == "lost"
    assert time.process_time() - before < 30
    assert find("home home", "home", 1, 5, suffix=" home").start == 0
    assert find("home home", "home", 1, 5, prefix="home ").start == 5
