"""The ES module in Chromium, with the real kernel side behind a fake model."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st

import quidqual as qq
from quidqual.widget.coding_surface import CodingSurface
from quidqual.widget.explore_surface import ExploreSurface
from tests.hand_coding.session_study import NOTES, session

pytestmark = pytest.mark.browser
NOTE = NOTES["P1-R1"]


def opened(page):
    page.wait_for_selector(".qq-line")
    return page


def passages(folder, coder="A"):
    frame = qq.open_study(folder).codings
    frame = frame[frame["coder"] == coder]
    return sorted(frame[["interview", "exact", "code"]].itertuples(index=False, name=None))


def drag(page, words):
    """Mark words with the mouse, as a person does: press, move, let go."""
    box = page.evaluate(
        """(words) => {
            const paper = document.querySelector(".qq-paper");
            const walk = document.createTreeWalker(paper, NodeFilter.SHOW_TEXT);
            const nodes = []; let text = "";
            while (walk.nextNode()) { nodes.push([walk.currentNode, text.length]); text += walk.currentNode.data; }
            const at = text.indexOf(words);
            const point = (i, last) => { const [n, s] = nodes.filter(([n, s]) => last ? s < i : s <= i).at(-1); return [n, i - s]; };
            const range = document.createRange();
            range.setStart(...point(at)); range.setEnd(...point(at + words.length, true));
            range.startContainer.parentNode.scrollIntoView({ block: "center" });
            const boxes = [...range.getClientRects()].filter((b) => b.width);
            return [boxes[0].left, boxes[0].top + boxes[0].height / 2, boxes.at(-1).right, boxes.at(-1).top + boxes.at(-1).height / 2];
        }""",
        words,
    )
    page.mouse.move(box[0] + 0.5, box[1])
    page.mouse.down()
    page.mouse.move(box[2] - 0.5, box[3], steps=5)
    page.mouse.move(box[2], box[3])
    page.mouse.up()


def settled(page):
    page.wait_for_timeout(80)
    assert page.faults == []


def test_offsets_both_ways_for_any_text(show, coding):
    page = opened(show(coding))

    @settings(max_examples=60)
    @given(
        st.lists(
            st.sampled_from(["a", "é", "e\u0301", "🙂", "👩‍👩‍👧", "\u202e", "\n", "𝄞", "$", "<b>"]),
            max_size=40,
        ).map("".join)
    )
    def both(text):
        # what the browser counts is UTF-16: a code point above FFFF is two units
        units = [0]
        for char in text:
            units.append(units[-1] + (2 if ord(char) > 0xFFFF else 1))
        told = page.evaluate(
            """([text, n]) => { const p = new module.Places(text);
               return [[...Array(n + 1).keys()].map((i) => p.unit(i)), [...Array(text.length + 1).keys()].map((u) => p.point(u))]; }""",
            [text, len(text)],
        )
        assert told[0] == units
        for point, unit in enumerate(units):
            assert told[1][unit] == point

    both()


def test_hostile_text_is_shown_as_text(show, coding):
    page = opened(show(coding))
    page.click("[data-interview='P2-R1']")
    page.wait_for_function("document.querySelector('.qq-paper').textContent.includes('alert')")
    shown = page.evaluate(
        "[...document.querySelectorAll('.qq-text')].map((t) => t.textContent).join('\\n')"
    )
    assert shown == NOTES["P2-R1"]
    assert page.locator(".qq-paper script").count() == 0
    settled(page)


def test_coding_with_the_mouse(show, coding, folder):
    page = opened(show(coding))
    drag(page, "nobody 🙂")
    page.click("[data-give=work]")
    settled(page)
    assert ("P1-R1", "nobody 🙂", "work") in passages(folder)
    drag(page, "Perché no?")
    page.click(
        ".qq-passage [data-do=code]"
    )  # the press on a button does not clear the marked words
    page.keyboard.type("dis")
    page.keyboard.press("Enter")
    settled(page)
    assert ("P1-R1", "Perché no?", "distrust") in passages(folder)
    page.click("[data-do=undo]")
    settled(page)
    assert ("P1-R1", "Perché no?", "distrust") not in passages(folder)
    page.click("[data-do=redo]")
    settled(page)
    assert ("P1-R1", "Perché no?", "distrust") in passages(folder)


def test_coding_with_the_keyboard_only(show, coding, folder):
    page = opened(show(coding))
    page.focus(".qq-paper")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.keyboard.type("trus")
    page.keyboard.press("Enter")
    settled(page)
    assert ("P1-R1", "She came late.", "trust") in passages(folder)
    page.keyboard.press("ArrowDown")  # to the sentence after it
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("1")  # the recent code
    settled(page)
    coded = [words for _, words, code in passages(folder) if code == "trust"]
    assert any(words.startswith("She said: “I trust nobody") for words in coded)
    page.keyboard.press("m")
    page.keyboard.type("a memo")
    page.keyboard.press("Control+Enter")
    settled(page)
    memos = qq.open_study(folder).codings["memo"].tolist()
    assert "a memo" in memos
    page.keyboard.press("Delete")
    settled(page)
    assert "a memo" not in qq.open_study(folder).codings["memo"].tolist()
    page.keyboard.press("u")
    settled(page)
    assert "a memo" in qq.open_study(folder).codings["memo"].tolist()
    page.keyboard.press("Shift+U")
    page.keyboard.press("r")
    settled(page)
    assert qq.open_study(folder).notes_read("A") == {"P1-R1"}


def test_words_are_added_and_left_by_keys_and_bounds_follow(show, coding, folder):
    page = opened(show(coding))
    page.click(".qq-coded:text('She came early.')")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("1")
    drag(page, "came late")
    page.click("[data-give=trust]")
    settled(page)
    drag(page, "She came late")
    page.keyboard.press("e")
    settled(page)
    assert ("P1-R1", "She came late", "trust") in passages(folder)
    drag(page, "She came late")
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("e")
    settled(page)
    assert ("P1-R1", "She came", "trust") in passages(folder)


def test_split_at_the_place_clicked(show, coding, folder):
    page = opened(show(coding))
    page.click(".qq-coded:text('She came early.')")
    page.evaluate("document.querySelector('.qq-annotate').qqSurface.caret = 4")
    page.keyboard.press("s")
    settled(page)
    assert {w for _, w, c in passages(folder) if c == "work"} == {"She", "came early."}


def test_one_key_goes_through_the_codes_of_a_place_in_full_extent(show, coding, folder):
    outer = coding.session.add("P1-R1", words="She said: “I trust nobody", code="trust")
    inner = coding.session.add("P1-R1", words="nobody", code="work")
    page = opened(show(coding))
    page.locator(".qq-coded", has_text="nobody").first.click()
    seen = []
    for _ in range(3):
        page.keyboard.press("o")
        hot = page.evaluate(
            "[...document.querySelectorAll('.qq-text .qq-hot')].map((s) => s.textContent).join('')"
        )
        seen.append(hot)
        assert page.locator(".qq-paper.qq-recede").count() == 1
    assert set(seen) == {"She said: “I trust nobody", "nobody", "I trust nobody 🙂"}
    assert {outer, inner} < {line["id"] for line in ask_note(coding)}
    settled(page)


def ask_note(surface):
    return surface.answer({"op": "note", "interview": "P1-R1"})["codings"]


def test_choosing_a_code_lets_its_passages_stand_out(show, coding):
    page = opened(show(coding))
    page.click("[data-give=work]")
    hot = page.locator(".qq-text .qq-hot")
    assert hot.all_text_contents() == ["She came early."]
    assert page.locator(".qq-recede").count() == 1
    page.click("[data-give=work]")
    assert page.locator(".qq-recede").count() == 0
    page.locator(".qq-coded", has_text="She came early.").click()  # and the other way round
    assert page.locator(".qq-row.qq-on").get_attribute("data-code") == "work"


def test_overlaps_are_told_apart_by_lanes_and_marks_not_by_colour(show, coding):
    coding.session.add("P1-R1", words="She said: “I trust nobody", code="trust")
    page = opened(show(coding))
    page.wait_for_selector(".qq-stripe")
    stripes = page.evaluate(
        """[...document.querySelectorAll('.qq-stripe')].map((s) => [s.title, s.className.match(/qq-(solid|dashed|dotted|double)/)[1], s.style.getPropertyValue('--qq-lane')])"""
    )
    told = {title: (mark, lane) for title, mark, lane in stripes}
    assert told["Trust"][0] != told["distrust"][0]
    assert told["Trust"][1] != told["distrust"][1]
    speech = page.evaluate(
        "[...document.querySelectorAll('.qq-spoken')].map((s) => s.textContent).join('')"
    )
    assert speech == "“I trust nobody 🙂.”"
    families = page.evaluate(
        "['.qq-spoken', '.qq-text'].map((s) => getComputedStyle(document.querySelector(s)).fontFamily)"
    )
    assert families[0] != families[1]


def test_next_uncoded_goes_past_what_is_coded(show, coding):
    page = opened(show(coding))
    page.focus(".qq-paper")
    page.keyboard.press("n")
    marked = "(() => { const s = document.querySelector('.qq-annotate').qqSurface; return s.text.slice(...s.range); })()"
    assert page.evaluate(marked) == "She came late."
    page.keyboard.press("n")
    assert page.evaluate(marked).startswith("Perché")
    page.keyboard.press("n")
    assert "Nothing uncoded" in page.locator(".qq-status").text_content()


def test_a_code_is_made_on_the_spot_and_given(show, coding, folder):
    page = opened(show(coding))
    drag(page, "Perché no?")
    page.keyboard.press("Enter")
    page.keyboard.type("Open question")
    page.keyboard.press("Enter")
    page.fill("textarea[name=definition]", "Asks: and # waits")
    page.keyboard.press("Control+Enter")
    settled(page)
    assert ("P1-R1", "Perché no?", "open_question") in passages(folder)
    code = qq.open_study(folder).codebook["open_question"]
    assert (code.definition, code.name()) == ("Asks: and # waits", "Open question")


def test_letters_inside_a_word_never_give_the_opposite_code(show, coding, folder):
    coding.session.codes.rename("trust", "reliance")
    coding.session.codes.redefine("reliance", label="Reliance")
    page = opened(show(coding))
    drag(page, "Perché no?")
    page.keyboard.press("Enter")
    page.keyboard.type("Trust")  # only "distrust" has these letters
    options = page.locator(".qq-options [role=option]").all_inner_texts()
    assert options[0] == "+ New code: Trust"
    assert "distrust" in options[1]
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    settled(page)
    assert ("P1-R1", "Perché no?", "trust") in passages(folder)
    drag(page, "She said")
    page.keyboard.press("Enter")
    page.keyboard.type("TRUST")  # the very name: nothing new is offered
    assert "New code" not in "".join(page.locator(".qq-options [role=option]").all_inner_texts())
    page.keyboard.press("Enter")
    settled(page)
    assert ("P1-R1", "She said", "trust") in passages(folder)


def test_suggestions_by_one_key(show, folder):
    with session(folder) as c:
        surface = CodingSurface(c, suggestions=qq.tag(c.study, {"trust": ["she", "no"]}))
        page = opened(show(surface))
        n = page.locator(".qq-faint").count()
        assert n == len(surface.answer({"op": "note", "interview": "P1-R1"})["suggestions"]) > 2
        page.focus(".qq-paper")
        for key in ("g", "y", "x"):
            page.keyboard.press(key)
            page.wait_for_timeout(80)
        settled(page)
        assert page.locator(".qq-faint").count() == n - 2
    assert qq.suggestions.decisions(folder)["decision"].tolist() == ["accept", "reject"]
    assert (qq.open_study(folder).codings["source"] == "rule").sum() == 1


def test_two_coders_are_compared_and_decided(show, folder):
    with session(folder, coder="agreed") as c:
        page = opened(show(CodingSurface(c, compare=("A", "B"))))
        page.wait_for_selector(".qq-case")
        case = page.locator(".qq-case", has_text="other code")
        assert "A: distrust" in case.text_content()
        assert "B: Trust" in case.text_content()
        case.locator("[data-take=second]").click()
        page.wait_for_timeout(80)
        assert "needs a reason" in page.locator(".qq-status").text_content()
        page.locator(".qq-case", has_text="other code").locator("input").fill("it is trust")
        page.locator(".qq-case", has_text="other code").locator("[data-take=second]").click()
        settled(page)
        assert "decided" in page.locator(".qq-case", has_text="other code").text_content()
    assert passages(folder, "agreed") == [("P1-R1", "She said: “I trust nobody 🙂.”", "trust")]


def test_all_that_is_the_same_is_taken_over_at_once(show, folder):
    with session(folder, coder="B") as c:
        c.add("P1-R1", words="She came early.", code="work")
        c.add("P1-R2", words="I trust one of them", code="trust")
    with session(folder, coder="agreed") as c:
        page = opened(show(CodingSurface(c, compare=("A", "B"))))
        page.click("[data-do=takeSame]")
        page.wait_for_function("!document.querySelector('[data-do=takeSame]')")
        settled(page)
        assert c.undo() == "decide"
        c.redo()
    assert passages(folder, "agreed") == [
        ("P1-R1", "She came early.", "work"), ("P1-R2", "I trust one of them", "trust"),
    ]  # fmt: skip


def test_a_verb_in_a_cell_is_seen_on_the_surface(show, coding):
    page = opened(show(coding))
    coding.session.add("P1-R1", words="Perché no?", code="work")
    page.evaluate("push({ kind: 'stale' })")
    page.wait_for_selector(".qq-coded:text('Perché no?')")


def test_keys_in_a_field_are_letters_and_never_commands(show, coding, folder):
    before = passages(folder)
    page = opened(show(coding))
    page.focus(".qq-paper")
    page.keyboard.press("/")
    page.keyboard.type("nrux1")
    assert page.input_value(".qq-search") == "nrux1"
    settled(page)
    assert passages(folder) == before
    assert page.get_attribute(".qq-annotate", "data-lm-suppress-shortcuts") == "true"


def test_three_hundred_thousand_characters_without_pages(show, tmp_path):
    from tests.hand_coding.session_study import make_folder

    folder = make_folder(tmp_path / "long", marks=[])
    line = "She said “I stay 🙂 here” and went on with her work for the day. "
    text = (
        "\n\n".join(line * 8 for _ in range(300_000 // (len(line) * 8) + 1))[:300_000].strip()
        + "\n"
    )
    (folder / "notes" / "P1-R1.md").write_text(text, encoding="utf-8")
    with session(folder) as c:
        lines = [
            c.add_line("P1-R1", start=i, end=i + 60, code=("trust", "work")[i % 2])
            for i in range(0, 298_500, 199)
        ]
        c.write(lines, "many")
        page = show(CodingSurface(c))
        page.wait_for_function("document.querySelectorAll('.qq-coded').length > 1400")
        shown = page.evaluate(
            "document.querySelector('.qq-annotate').qqSurface.lines.map((n) => n.lastChild.textContent).join('\\n')"
        )
        assert shown == text
        page.evaluate("document.querySelector('.qq-annotate').qqSurface.show(290000)")
        page.evaluate("document.querySelector('.qq-annotate').qqSurface.range = [299900, 299920]")
        page.keyboard.press("Tab")
        page.evaluate("document.querySelector('.qq-annotate').qqSurface.give('distrust')")
        page.wait_for_timeout(600)
        assert page.faults == []
        made = c.codings[c.codings["code"] == "distrust"].iloc[0]
        units = text.encode("utf-16-le")[2 * 299_900 : 2 * 299_920].decode("utf-16-le", "ignore")
        assert made["exact"] == units.strip()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 420])
@pytest.mark.parametrize("language", ["en", "it"])
def test_axe_finds_nothing_serious(show, folder, scheme, width, language):
    with session(folder) as c:
        c.add("P1-R1", words="She said: “I trust nobody", code="trust")
        surface = CodingSurface(
            c, suggestions=qq.tag(c.study, {"trust": ["no"]}), language=language
        )
        page = opened(show(surface, width=width, scheme=scheme))
        page.locator(".qq-row details summary").nth(1).click()
        page.locator(".qq-coded").first.click()
        check_axe(page)
        page.focus(".qq-paper")
        page.keyboard.press("Enter")
        check_axe(page)
        if width == 420:
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, "nothing is out of view on a narrow screen"


def check_axe(page):
    found = Axe().run(page).response["violations"]
    serious = [
        (v["id"], [n["target"] for n in v["nodes"]][:3])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == [], json.dumps(serious)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_exploring_in_a_browser(show, scheme):
    study = qq.load_example()
    surface = ExploreSurface(study)
    page = show(surface, name="explore", scheme=scheme)
    page.wait_for_selector(".qqx-table table")
    page.select_option("[name=what]", "code:relationships")
    page.click("[data-cell='S1|R1|distrust_people']")
    page.wait_for_selector(".qqx-quote")
    wanted = study.codings.query(
        "coder == 'A' and participant == 'S1' and round == 'R1' and code == 'distrust_people'"
    )
    assert page.locator(".qqx-quote mark").all_text_contents() == wanted["exact"].tolist()
    page.locator(".qqx-quote button").first.click()
    page.wait_for_selector(".qqx-note mark")
    assert page.locator(".qqx-note").text_content() == study.text("S1-R1")
    page.click("[data-view=prevalence]")
    page.wait_for_selector("[data-cell='R1|distrust_people']")
    assert page.locator("[data-cell='R1|distrust_people']").text_content() == "2 of 4"
    page.select_option("[name=group]", "staff")
    page.locator("[name=round][value=R4]").uncheck()
    page.wait_for_timeout(300)
    assert "rounds=['R1', 'R2', 'R3']" in page.locator(".qqx-code").text_content()
    assert "group == 'staff'" in page.locator(".qqx-code").text_content()
    check_axe(page)
    page.click("[data-view=courses]")
    page.wait_for_selector(".qqx-course")
    check_axe(page)
    assert page.faults == []
