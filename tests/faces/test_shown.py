import pandas as pd

import quidqual as qq


def test_whole_words_escaped_and_marked():
    frame = pd.DataFrame(
        {"words": ["<b>" + "long " * 40], "who": [("P1", "P2")], "corpus": ["synthetic"]}
    )
    html = qq.show(frame)._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert html.count("long") == 40
    assert "P1, P2" in html
    assert "Synthetic notes" in html
    assert "corpus" not in html


def test_the_same_table_gives_the_same_bytes():
    frame = pd.DataFrame({"a": [1, None]})
    assert qq.show(frame)._repr_html_() == qq.show(frame.copy())._repr_html_()
    assert "NaN" not in qq.show(frame)._repr_html_()


def test_no_rows():
    assert repr(qq.show(pd.DataFrame({"a": []}))) == "(no rows)"


def test_hundreds_of_names_do_not_fill_a_cell():
    names = tuple(f"P{i}" for i in range(1, 251))
    table = pd.DataFrame(
        {"claim": ["C1"], "who": [names], "who_with": [", ".join(names)], "words": ["a, " * 40]}
    )
    shown = qq.show(table).frame.iloc[0]
    assert shown["who"] == shown["who_with"]
    assert shown["who"].startswith("P1, P2, ")
    assert shown["who"].endswith("P24 and 226 more")
    assert shown["words"] == "a, " * 40  # what somebody said is whole
    assert qq.show(table.assign(who=[names[:24]])).frame["who"][0] == ", ".join(names[:24])
