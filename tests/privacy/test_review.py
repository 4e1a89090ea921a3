"""The queue at a person's hands: decisions and steps in Python, then the same in a browser."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

import quidqual as qq
import quidqual.privacy.reviewing
from quidqual.privacy.pseudonyms.review_queue import COLUMNS, read_queue, write_queue
from quidqual.privacy.reviewing.decided import STEPS, Review
from quidqual.study.errors import QuidqualError

HOME = Path(quidqual.privacy.reviewing.__file__).parent
RAW = {
    "Mia-R1": "Then Zbrnko came. Then Zbrnko left. Then Qwrtzu <b>sat</b> down last winter.",
}


@pytest.fixture
def places(tmp_path, passphrase):
    return {
        "study": tmp_path / "study", "key": tmp_path / "keys/key.json", "passphrase": passphrase,
        "language": "en",
    }  # fmt: skip


@pytest.fixture
def queue(places):
    made = qq.privacy.pseudonymise(RAW, **places).queue
    assert made["words"].tolist() == ["Zbrnko", "Zbrnko", "Qwrtzu", "last winter"]
    return made


def test_decisions_are_kept_with_their_steps_and_can_be_taken_back(queue):
    state = Review(queue)
    assert state.undecided == 4
    assert state.decide(0, "replace", replacement="[the neighbour]", same=True) == [0, 1]
    assert state.decide(2, "ignore", reason="a brand of thread") == [2]
    assert state.undecided == 1
    assert state.undo() == [2]
    assert state.queue["decision"].tolist() == ["replace", "replace", "", ""]
    assert list(state.steps.columns) == list(STEPS)
    assert state.steps["decision"].tolist() == ["replace", "replace", "ignore", "(taken back)"]
    assert not [w for w in queue["words"] if w in state.steps.to_csv()]
    assert queue["decision"].tolist() == [""] * 4  # what was given is left alone
    assert state.undo() == [0, 1]
    assert state.undo() == []


@pytest.mark.parametrize(
    ("row", "decision", "options", "message"),
    [
        (9, "accept", {}, "no such row"),
        (True, "accept", {}, "no such row"),
        (0, "perhaps", {}, "unknown decision"),
        (0, "replace", {}, "nothing to replace with"),
        (0, "ignore", {"reason": "  "}, "no reason to ignore"),
    ],
)
def test_a_decision_that_lacks_something_changes_nothing(queue, row, decision, options, message):
    state = Review(queue)
    with pytest.raises(QuidqualError, match=message):
        state.decide(row, decision, **options)
    assert state.undecided == 4
    assert state.steps.empty


def test_of_a_file_every_step_is_written_at_once(queue, places, tmp_path):
    path = tmp_path / "keys/review.csv"
    first = qq.privacy.pseudonymise(RAW, **places, review=path)
    assert first.undecided == 4
    state = Review(path)
    state.decide(0, "accept", same=True)
    log = path.with_name("review.csv.log.jsonl")
    assert stat.S_IMODE(log.stat().st_mode) == stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [json.loads(line)["row"] for line in log.read_text("utf-8").splitlines()] == [0, 1]
    assert Review(path).undecided == 2
    again = Review(path)
    again.decide(2, "ignore", reason="a brand")
    again.decide(3, "accept")
    assert len(log.read_text("utf-8").splitlines()) == 4
    study = qq.privacy.pseudonymise(RAW, **places, review=path).study
    assert "Qwrtzu" in study.notes["text"].iloc[0]
    assert "Zbrnko" not in study.notes["text"].iloc[0]


def test_what_is_no_queue_is_said(tmp_path, queue):
    with pytest.raises(QuidqualError, match="is not there"):
        Review(tmp_path / "none.csv")
    with pytest.raises(QuidqualError, match="lacks"):
        Review(pd.DataFrame({"words": ["x"]}))
    (tmp_path / ".git").mkdir()
    queue.to_csv(tmp_path / "review.csv", index=False)
    with pytest.raises(QuidqualError, match="repository"):
        Review(tmp_path / "review.csv")
    with pytest.raises(QuidqualError, match="language must be"):
        qq.privacy.review(queue, language="de")


def test_what_a_saved_notebook_keeps_are_counts(queue):
    pytest.importorskip("anywidget")
    widget = qq.privacy.review(queue)
    widget._review.decide(0, "accept")
    told = widget._review.static_html() + json.dumps(widget.get_state(), default=str)
    assert "1 of 4 rows decided" in told
    assert ["name", "3", "1", "2"] in [
        re.findall(r"<t[dh][^>]*>([^<]*)<", row) for row in told.split("<tr>")
    ]
    assert not [w for w in ("Zbrnko", "Qwrtzu", "winter") if w in told]
    assert (widget.undecided, len(widget.steps)) == (3, 1)
    assert widget.queue["decision"].tolist() == ["accept", "", "", ""]


# --- in a browser ------------------------------------------------------------------------------

SHELL = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Review</title>
<style>%s</style></head><body><main><h1>A notebook</h1><div id="place"></div></main>
<script type="module">
import widget from "http://review.test/widget.js";
const hear = new Set();
const model = {
  on: (name, f) => hear.add(f), off: (name, f) => hear.delete(f), get: () => "%s",
  send: (m) => window.answer(JSON.stringify(m)).then((r) => hear.forEach((f) => f(JSON.parse(r)))),
};
widget.render({ model, el: document.getElementById("place") });
</script></body></html>"""


@pytest.fixture
def show(browser):
    contexts = []

    def shown(state, *, language="en", scheme="light", width=1000):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 700})
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))

        def answer(sent):
            message = json.loads(sent)
            return json.dumps({"re": message["id"], **state.answer(message)})

        page.expose_function("answer", answer)
        html = SHELL % ((HOME / "review.css").read_text("utf-8"), language)
        script = (HOME / "review.js").read_text("utf-8")

        def fulfil(route):
            if route.request.url.endswith("widget.js"):
                return route.fulfill(body=script, content_type="text/javascript")
            if route.request.url == "http://review.test/":
                return route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return route.fulfill(status=204)

        page.route("**/*", fulfil)
        page.goto("http://review.test/")
        page.wait_for_selector(".qqr-row")
        return page

    yield shown
    for context in contexts:
        context.close()


def counted(page, told):
    page.wait_for_function(
        "told => document.querySelector('.qqr-count').textContent === told", arg=told
    )


def test_a_queue_is_decided_by_keys_alone(show, queue):
    state = Review(queue)
    page = show(state)
    counted(page, "0 of 4 decided")
    assert page.locator(".qqr-row mark").all_text_contents() == queue["words"].tolist()
    assert page.locator(".qqr-row b").count() == 0  # words of notes are no markup
    page.locator(".qqr-row").first.focus()
    page.keyboard.press("Shift+R")
    page.keyboard.type("[the neighbour] a r i")  # letters in a field are letters
    page.keyboard.press("Enter")
    counted(page, "2 of 4 decided")
    assert page.locator("[aria-current=true] mark").text_content() == "Qwrtzu"
    page.keyboard.press("i")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelector('.qqr-told').textContent.includes('no reason to ignore')"
    )
    page.keyboard.type("a brand of thread")
    page.keyboard.press("Enter")
    counted(page, "3 of 4 decided")
    page.keyboard.press("a")
    counted(page, "4 of 4 decided")
    assert "Nothing is left" in page.locator(".qqr-told").text_content()
    page.keyboard.press("u")
    counted(page, "3 of 4 decided")
    page.keyboard.press("ArrowUp")
    assert page.locator("[aria-current=true] mark").text_content() == "Qwrtzu"
    page.keyboard.press("n")
    page.keyboard.press("a")
    counted(page, "4 of 4 decided")
    assert page.faults == []
    assert state.queue["decision"].tolist() == ["replace", "replace", "ignore", "accept"]
    assert state.queue["replacement"].tolist()[:2] == ["[the neighbour] a r i"] * 2
    assert state.queue["reason"].tolist()[2] == "a brand of thread"
    assert len(state.steps) == 6


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1000), ("it", "dark", 420)]
)
def test_by_touch_in_both_languages_and_nothing_serious_for_axe(
    show, queue, language, scheme, width
):
    from axe_playwright_python.sync_playwright import Axe

    state = Review(queue)
    page = show(state, language=language, scheme=scheme, width=width)
    told = {"en": ("Accept", "Ignore", "Save"), "it": ("Accetta", "Ignora", "Salva")}[language]
    page.locator(".qqr-row").nth(3).get_by_text(told[0]).click()
    page.wait_for_selector(".qqr-row:nth-child(4) [aria-pressed=true]")
    page.locator(".qqr-row").nth(0).get_by_text(told[1]).click()
    page.locator(".qqr-form input[type=text]").fill("niente")
    page.locator(".qqr-form input[type=checkbox]").check()
    serious = [
        v["id"]
        for v in Axe().run(page).response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0
    page.get_by_text(told[2], exact=True).click()
    page.wait_for_selector(".qqr-row:nth-child(2) [aria-pressed=true]")
    assert state.queue["decision"].tolist() == ["ignore", "ignore", "", "accept"]
    assert page.faults == []


BARE = (
    "=1+1", "+39 333", "-5", "@x", "\tq", "＝z", "＋z", "－z", "＠z", "'=1", "''=1", "'quoted'",
    "plain", 'a,b;c\nd"e', " pad ", "NA", "007",
)  # fmt: skip


def in_excel(file: Path, separator: str, encoding: str) -> None:
    """Save a table again as a spreadsheet of another country does."""
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8"), newline="")))
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\r\n").writerows(rows)
    file.write_bytes(stream.getvalue().encode(encoding))


@pytest.mark.parametrize("saved", [None, (";", "utf-8-sig"), ("\t", "utf-16")])
def test_no_cell_of_the_review_table_is_a_formula_and_all_come_back(tmp_path, saved):
    rows = [("n", 0, 3, w, "person", "x", f"{w} ctx", "replace", w, w) for w in BARE]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"start": "int64", "end": "int64"})
    file = tmp_path / "queue.csv"
    write_queue(file, table)
    cells = [c for row in csv.reader(io.StringIO(file.read_text("utf-8"), newline="")) for c in row]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t＝＋－＠"))]
    if saved:
        in_excel(file, *saved)
    back = read_queue(file)
    assert back.to_dict("records") == table.to_dict("records")


def test_a_memo_with_letters_that_are_not_composed_is_decided_through_a_file(places, tmp_path):
    """A program that saves the table may compose them; the place is the same."""
    study = qq.Study.from_tables(
        title="T", corpus="real", languages=["en"], rounds=[{"round": "R1"}], codebook=[{"id": "c"}],
        participants=[{"participant": "P1", "group": "g"}],
        interviews=[{"interview": "P1-R1", "participant": "P1", "round": "R1"}],
        notes={"P1-R1": "I stay."},
        codings=[{"interview": "P1-R1", "start": 2, "end": 6, "code": "c",
                  "memo": "Then Zbrnko\u0301 came."}],
    )  # fmt: skip
    options = {k: v for k, v in places.items() if k != "language"}
    file = tmp_path / "review/queue.csv"
    first = qq.privacy.pseudonymise(study, review=file, **options)
    assert first.undecided == 1
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8"))))
    filled = [[*row[:7], "replace", "[X]", ""] for row in rows[1:]]
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([rows[0], *filled])
    file.write_text(unicodedata.normalize("NFC", stream.getvalue()), "utf-8")
    done = qq.privacy.pseudonymise(study, review=file, **options)
    assert done.undecided == 0
    assert done.study.codings["memo"].tolist() == ["Then [X] came."]
