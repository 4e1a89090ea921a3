"""Lists of passages on the surface: of a code, to read again, found by words, mended."""

from __future__ import annotations

import pytest

import quidqual as qq
from quidqual.widget.coding_surface import CodingSurface
from tests.hand_coding.session_study import session
from tests.widget.test_in_a_browser import check_axe, drag, opened, passages, settled

pytestmark = pytest.mark.browser


def hits(page):
    return page.locator(".qq-hit .qq-where").all_inner_texts()


def test_a_code_is_split_by_a_list_of_its_passages_with_the_mouse(show, coding, folder):
    page = opened(show(coding))
    page.locator(".qq-row[data-code=trust] summary").click()
    page.locator(".qq-row[data-code=trust] [data-do=passages]").click()
    page.wait_for_selector(".qq-hit")
    told = hits(page)
    assert len(told) == 3  # one of A, two of B: a codebook is everybody's
    assert "I trust one of them" in told[1]
    page.locator(".qq-hit", has_text="P1-R2, A").locator(".qq-tick").check()
    page.fill(".qq-list-foot input", "Careful trust")
    page.click("[data-do=moveTicked]")
    page.wait_for_function("document.querySelectorAll('.qq-hit').length === 2")
    settled(page)
    assert ("P1-R2", "I trust one of them", "careful_trust") in passages(folder)
    assert [c for _, _, c in passages(folder, "B")] == ["trust", "trust"]
    code = qq.open_study(folder).codebook["careful_trust"]
    assert (code.parent, code.name()) == ("ties", "Careful trust")
    page.click("[data-do=undo]")  # one undo for codes and codings; the list is as it was
    page.wait_for_function("document.querySelectorAll('.qq-hit').length === 3")
    settled(page)
    assert "careful_trust" not in qq.open_study(folder).codebook


def test_a_code_is_split_with_the_keyboard_only(show, coding, folder):
    page = opened(show(coding))
    page.locator(".qq-coded", has_text="She came early.").click()  # its code is work
    coding.session.add("P1-R1", words="Perché no?", code="work")
    page.focus(".qq-paper")
    page.keyboard.press("p")
    page.wait_for_function("document.querySelectorAll('.qq-hit').length === 2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")  # its passage
    page.keyboard.press("Tab")  # the code they move into: a new one
    page.keyboard.press("Tab")
    page.keyboard.type("Waiting")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.qq-hit').length === 1")
    settled(page)
    assert ("P1-R1", "Perché no?", "waiting") in passages(folder)
    assert ("P1-R1", "She came early.", "work") in passages(folder)


def test_a_row_leads_to_its_passage_in_any_note(show, coding, folder):
    page = opened(show(coding))
    page.click("[data-give=trust]")
    page.focus(".qq-paper")
    page.keyboard.press("p")
    page.wait_for_selector(".qq-hit")
    page.locator(".qq-where", has_text="P1-R2, A").click()
    page.wait_for_selector("[data-interview='P1-R2'][aria-current=true]")
    hot = page.locator(".qq-text .qq-hot").all_text_contents()
    assert "".join(hot) == "I trust one of them"
    page.locator(".qq-where", has_text="P1-R2, B").click()  # not an own one: marked, not chosen
    marked = "(() => { const s = document.querySelector('.qq-annotate').qqSurface; return s.range && s.text.slice(...s.range); })()"
    assert page.evaluate(marked) == "“I trust one of them.”"
    settled(page)


def test_what_was_coded_before_a_redefinition_is_read_again(show, coding, folder):
    coding.session.codes.redefine("trust", definition="Relies on somebody.")
    page = opened(show(coding))
    button = page.locator("[data-do=reread]")
    assert button.inner_text() == "Read again (1)"
    page.focus(".qq-paper")
    page.keyboard.press("a")
    page.wait_for_selector(".qq-hit")
    assert "I trust one of them" in hits(page)[0]
    page.keyboard.press("Space")
    page.click("[data-do=holds]")
    page.wait_for_function("!document.querySelector('.qq-hit')")
    settled(page)
    assert len(coding.session.to_reread()) == 0
    assert not button.is_visible()
    page.keyboard.press("Escape")
    page.click("[data-do=undo]")
    settled(page)
    assert len(coding.session.to_reread()) == 1


def test_hits_of_words_are_looked_at_and_coded_together(show, coding, folder):
    page = opened(show(coding))
    page.focus(".qq-paper")
    page.keyboard.press("f")
    page.keyboard.type("trust")
    page.keyboard.press("Enter")
    page.wait_for_selector(".qq-hit")
    assert len(hits(page)) == 2
    page.locator(".qq-tick").nth(1).uncheck()
    page.select_option(".qq-list-foot select", "distrust")
    page.click("[data-do=codeTicked]")
    page.wait_for_selector(".qq-row")
    settled(page)
    assert ("P1-R1", "trust", "distrust") in passages(folder)
    assert ("P1-R2", "trust", "distrust") not in passages(folder)
    decided = qq.suggestions.decisions(folder)
    assert decided["decision"].tolist() == ["accept", "reject"]


def test_mending_a_slip_lists_every_coders_passages(show, coding, folder):
    page = opened(show(coding))
    drag(page, "nobody")
    page.click("[data-do=mend]")
    page.fill(".qq-form textarea", "no-one at all")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".qq-hit")
    told = hits(page)
    assert [t.splitlines()[-1] for t in told] == [
        "P1-R1, B, Trust, reworded", "P1-R1, A, distrust, reworded",
    ]  # fmt: skip
    assert "I trust no-one at all 🙂" in told[1]
    settled(page)
    assert ("P1-R1", "I trust no-one at all 🙂", "distrust") in passages(folder)


def test_a_code_is_moved_and_the_study_has_a_memo(show, coding, folder):
    page = opened(show(coding))
    page.locator(".qq-row[data-code=distrust] summary").click()
    page.locator(".qq-row[data-code=distrust] button", has_text="Edit").click()
    options = page.locator("select[name=parent] option").evaluate_all(
        "all => all.map((o) => o.value)"
    )
    assert "distrust" not in options
    page.select_option("select[name=parent]", "daily")
    page.keyboard.press("Control+Enter")
    settled(page)
    assert qq.open_study(folder).codebook["distrust"].parent == "daily"
    page.click("[data-do=studyMemo]")
    page.keyboard.type("two of two")
    page.keyboard.press("Control+Enter")
    settled(page)
    assert coding.session.memos[""] == "two of two"
    page.click("[data-do=studyMemo]")
    assert page.input_value(".qq-form textarea") == "two of two"


def test_a_blind_coder_lists_and_finds_no_passage_of_others(show, folder):
    with session(folder, blind=True) as c:
        surface = CodingSurface(c)
        rows = surface.answer({"op": "passages", "code": "trust"})["rows"]
        assert {row["coder"] for row in rows} == {"A"}
        found = surface.answer({"op": "find", "query": 'code("trust")'})
        assert [row["interview"] for row in found["rows"]] == ["P1-R2"]
        told = surface.answer(
            {"op": "mend", "interview": "P1-R1", "start": 0, "end": 3, "words": "Sie"}
        )
        assert {row["coder"] for row in told["rows"]} == {"A"}
        report = surface.answer(
            {"op": "merge", "code": "distrust", "into": "trust", "interview": "P1-R1"}
        )["report"]
        assert [row["coder"] for row in report] == ["A"]


@pytest.mark.parametrize(
    ("scheme", "width", "language"), [("light", 1280, "en"), ("dark", 420, "it")]
)
def test_axe_finds_nothing_serious_in_a_list(show, folder, scheme, width, language):
    with session(folder) as c:
        c.codes.redefine("trust", definition="Relies on somebody.")
        page = opened(show(CodingSurface(c, language=language), width=width, scheme=scheme))
        page.click("[data-give=trust]")
        page.focus(".qq-paper")
        page.keyboard.press("p")
        page.wait_for_selector(".qq-hit")
        check_axe(page)
        page.keyboard.press("Escape")
        page.keyboard.press("a")
        page.wait_for_selector(".qq-hit")
        check_axe(page)
        settled(page)


@pytest.mark.parametrize(
    ("overlaps", "told"), [("join", "1 join overlaps"), ("keep", "1 keep apart")]
)
def test_codes_merge_and_overlaps_are_joined_or_kept_as_told(show, coding, folder, overlaps, told):
    coding.session.add("P1-R1", words="She said: “I trust nobody", code="trust")
    page = opened(show(coding))
    page.locator(".qq-row[data-code=distrust] summary").click()
    page.locator(".qq-row[data-code=distrust] button", has_text="Edit").click()
    page.select_option("select[name=into]", "trust")
    page.select_option("select[name=overlaps]", overlaps)
    check_axe(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("!document.querySelector('[data-code=distrust]')")
    settled(page)
    status = page.locator(".qq-status").text_content()
    assert status.startswith("A: 1 codings moved")
    assert told in status
    mine = [words for _, words, code in passages(folder) if code == "trust"]
    whole = "She said: “I trust nobody 🙂"
    assert (whole in mine) is (overlaps == "join")
    assert len(mine) == (2 if overlaps == "join" else 3)
    page.click("[data-do=undo]")
    settled(page)
    assert ("P1-R1", "I trust nobody 🙂", "distrust") in passages(folder)
