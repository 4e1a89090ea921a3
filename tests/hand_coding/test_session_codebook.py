"""The codebook as it grows: all coders go along, comments stay, the history tells what happened."""

from __future__ import annotations

import pytest

import quidqual as qq
from quidqual.hand_coding.codebook_text import add_code, remove_code, set_fields
from tests.hand_coding.session_study import CLAIMS, CODEBOOK, make_folder, session, ticking


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "study")


def codebook(folder):
    return (folder / "codebook.yaml").read_text("utf-8")


def counts(folder):
    study = qq.open_study(folder)
    return study.codings.groupby(["coder", "code"]).size().to_dict()


def test_rename_reaches_codes_constructs_claims_and_the_logs_of_all(folder):
    with session(folder) as c:
        assert c.codes.rename("trust", "reliance: on others") == 3
    named = CODEBOOK.replace("- id: trust  ", '- id: "reliance: on others"  ')
    named = named.replace("any_of: [trust, work]", 'any_of: ["reliance: on others", work]')
    assert codebook(folder) == named
    claims = (folder / "claims.yaml").read_text("utf-8")
    assert claims == CLAIMS.replace("codes: [trust]", 'codes: ["reliance: on others"]')
    new = "reliance: on others"
    assert counts(folder) == {("A", "distrust"): 1, ("A", "work"): 1, ("A", new): 1, ("B", new): 2}
    assert qq.hand_coding.codebook_diff(folder, 0).values.tolist() == [
        ["trust", "renamed", "trust", new, 3]
    ]


def test_create_redefine_move_retire_change_their_lines_only(folder):
    with session(folder) as c:
        c.codes.create("hope", parent="ties", definition="Says: it # gets better", label="Hope")
        c.codes.redefine("distrust", definition="Cannot rely", include="a: b")
        c.codes.redefine("trust", definition="Relies.")
        c.codes.move("work", parent="ties")
        c.codes.retire("work")
        with pytest.raises(qq.QuidqualError, match="'work' is retired"):
            c.add("P1-R1", words="She said", code="work")
        assert len(c.study.codings) == 5, "the codings of a retired code stand"
    expected = CODEBOOK.replace(
        'definition: "Cannot: trust"\n',
        'definition: Cannot rely\n  include: "a: b"\n- id: hope\n  parent: ties\n  definition: "Says: it # gets better"\n  label: {en: Hope}\n',
    )
    expected = expected.replace(
        "definition: >\n    Speaks of relying\n    on others.\n", "definition: Relies.\n"
    )
    expected = expected.replace(
        "{id: work, parent: daily, label: {en: Work}}",
        "{id: work, parent: ties, label: {en: Work}, retired: true}",
    )
    assert codebook(folder) == expected
    changes = qq.hand_coding.codebook_diff(folder, 0)[["code", "change"]].values.tolist()
    assert changes == [
        ["trust", "redefined"],
        ["distrust", "redefined"],
        ["work", "moved"],
        ["work", "retired"],
        ["hope", "added"],
    ]
    assert qq.hand_coding.codebook_history(folder)["op"].tolist() == [
        "create",
        "redefine",
        "redefine",
        "move",
        "retire",
    ]
    assert qq.hand_coding.codebook_version(folder, 0) == qq.hand_coding.codebook_version(
        folder, 1
    ).__class__(
        [code for code in qq.hand_coding.codebook_version(folder, 1) if code.id != "hope"],
        constructs=qq.hand_coding.codebook_version(folder, 1).constructs,
    )


def test_merge_joins_overlaps_and_says_so(folder):
    with session(folder) as c:
        c.add("P1-R1", words="She said: “I trust", code="trust", memo="mine", weight=2)
        report = c.codes.merge("distrust", into="trust")
        assert report.values.tolist() == [["A", 1, 1, 0]]
        own = c.study.codings.query("coder == 'A' and interview == 'P1-R1' and code == 'trust'")
        assert own["exact"].tolist() == ["She said: “I trust nobody 🙂"]
        assert (own["memo"].tolist(), own["weight"].tolist()) == (["mine"], [2])
    assert codebook(folder).count("distrust") == 0
    assert "# no code was forgotten here\n" in codebook(folder)
    assert "# ------------------------- daily\n" in codebook(folder)
    assert "against: [trust]" in (folder / "claims.yaml").read_text("utf-8")
    assert qq.hand_coding.codebook_diff(folder, 0).values.tolist() == [
        ["distrust", "merged", "distrust", "trust", 2]
    ]


def test_merge_keeps_overlaps_apart_if_told(folder):
    with session(folder) as c:
        c.add("P1-R1", words="She said: “I trust", code="trust")
        report = c.codes.merge("distrust", into="trust", overlaps="keep")
        assert report.values.tolist() == [["A", 1, 0, 1]]
        assert (c.study.codings["code"] == "trust").sum() == 5


def test_merging_never_loses_the_codings_of_another_coder(folder):
    with session(folder, coder="A") as c:
        before = c.study.codings.groupby("coder").size().to_dict()
        c.codes.merge("trust", into="distrust", overlaps="keep")
        assert c.study.codings.groupby("coder").size().to_dict() == before == {"A": 3, "B": 2}


def test_merge_of_a_branch_moves_what_is_beneath(folder):
    with session(folder) as c:
        c.codes.create("sub", parent="distrust")
        c.codes.merge("distrust", into="trust")
        assert c.study.codebook["sub"].parent == "trust"
        with pytest.raises(qq.QuidqualError, match="is 'trust' itself or beneath it"):
            c.codes.merge("trust", into="sub")


def test_split_by_a_list_of_codings(folder):
    with session(folder) as c:
        theirs = c.all_states()["B"].standing
        one, two = sorted(theirs)
        assert c.codes.split("trust", {"trust_in_one": [one], "work": [two]}) == {
            "trust_in_one": 1,
            "work": 1,
        }
        assert c.study.codebook["trust_in_one"].parent == "ties"
    assert counts(folder) == {
        ("A", "distrust"): 1,
        ("A", "trust"): 1,
        ("A", "work"): 1,
        ("B", "trust_in_one"): 1,
        ("B", "work"): 1,
    }
    changes = qq.hand_coding.codebook_diff(folder, 0)[["code", "change"]].values.tolist()
    assert changes == [["trust", "split"], ["trust_in_one", "added"]]
    with (
        session(folder) as c,
        pytest.raises(qq.QuidqualError, match="1 of the codings are not codings of 'trust'"),
    ):
        c.codes.split("trust", {"work": [one]})


def test_codings_made_before_a_redefinition_are_listed_until_read_again(folder):
    clock = ticking()
    with session(folder, clock=clock) as c:
        early = c.add("P1-R1", words="She said", code="trust")
        c.codes.redefine("trust", colour="#112233")
        assert len(qq.hand_coding.to_reread(folder)) == 0, "a colour is no meaning"
        c.codes.redefine("trust", exclude="Trust in things.")
        late = c.add("P1-R1", words="Perché", code="trust")
        listed = qq.hand_coding.to_reread(folder)
        assert early in set(listed["id"])
        assert late not in set(listed["id"])
        assert set(listed["coder"]) == {"A", "B"}
        c.codes.rename("trust", "reliance")
        assert set(qq.hand_coding.to_reread(folder)["code"]) == {"reliance"}
        c.confirm(early)
        assert early not in set(c.to_reread()["id"])
        for _ in range(3):
            c.undo()
        c.undo()
        assert len(qq.hand_coding.to_reread(folder)) == 0, "the redefinition was taken back"


def test_a_step_taken_back_is_no_reading_again(folder):
    with session(folder) as c:
        key = next(k for k, line in c.state.standing.items() if line["code"] == "trust")
        c.codes.redefine("trust", definition="Relies on somebody.")
        for step in (
            lambda: c.confirm(key),
            lambda: c.change_bounds(key, words="I trust one"),
            lambda: c.remove(key),
        ):
            step()
            assert len(c.to_reread()) == 0
            c.undo()
            assert c.to_reread()["id"].tolist() == [key]
            c.redo()
            assert len(c.to_reread()) == 0
            c.undo()
        assert c.to_reread()["id"].tolist() == [key]
    assert qq.hand_coding.to_reread(folder)["id"].isin([key]).any()


def test_undo_of_a_rename_takes_later_codings_of_others_along(folder):
    with session(folder, coder="A") as c:
        c.codes.rename("work", "labour")
    with session(folder, coder="B") as other:
        other.add("P1-R2", words="It was late", code="labour")
    with session(folder, coder="A") as c:
        assert c.undo() == "rename"
    assert counts(folder)["B", "work"] == 1


def test_undo_of_a_new_code_that_others_use_is_refused(folder):
    with session(folder, coder="A") as c:
        c.codes.create("hope")
    with session(folder, coder="B") as other:
        other.add("P1-R2", words="It was late", code="hope")
    with (
        session(folder, coder="A") as c,
        pytest.raises(qq.QuidqualError, match="'B' has codings of 'hope'"),
    ):
        c.undo()
    assert len(qq.validate(folder)) == 0


def test_an_edit_by_hand_is_in_the_history_and_no_obstacle(folder):
    with session(folder) as c:
        c.codes.create("hope")
    path = folder / "codebook.yaml"
    path.write_text(
        path.read_text("utf-8").replace("# The codebook of a test.", "# By hand.\n#"),
        encoding="utf-8",
    )
    with session(folder) as c:
        c.codes.create("fear")
        assert qq.hand_coding.codebook_history(folder)["op"].tolist() == [
            "create",
            "by hand",
            "create",
        ]
        c.undo(), c.undo()
    assert codebook(folder) == CODEBOOK.replace("# The codebook of a test.", "# By hand.\n#")
    assert qq.hand_coding.codebook_history(folder)["op"].tolist()[-2:] == ["undo", "undo"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("codes: []\n", "codes:\n- id: a\n"),
        (
            "# none yet\ncodes: []  # none\nconstructs: []\n",
            "# none yet\ncodes:\n- id: a  # none\nconstructs: []\n",
        ),
        (
            "codes:\n  - id: x\n    memo: |\n      two\n      lines\n\n# end\n",
            "codes:\n  - id: x\n    memo: |\n      two\n      lines\n  - id: a\n\n# end\n",
        ),
        ("codes: [{id: x}]\n", "codes: [{id: x}, {id: a}]\n"),
        ("codes:\n- id: x", "codes:\n- id: x\n- id: a"),
    ],
)
def test_an_entry_is_added_in_the_form_of_the_file(before, after):
    assert add_code(before, {"id": "a"}) == after
    back = remove_code(after, "a")
    assert "id: a" not in back
    assert back.count("#") == before.count("#")


@pytest.mark.parametrize(
    "value", ["a: b", "# no comment", "line\nline", "yes", "1", "“è” 🙂", "- x", "it's", '"', " x "]
)
def test_any_text_stands_in_a_field(value):
    from quidqual.study.reading import load_yaml

    for text in (
        "codes:\n- id: x\n  definition: >\n    old\n    text\n  memo: m\n",
        "codes:\n- {id: x, memo: m}\n",
    ):
        changed = set_fields(text, "x", {"definition": value})
        code = load_yaml(changed, file="")["codes"][0]
        assert (code["definition"], code["memo"]) == (value, "m")
        assert "definition" not in set_fields(changed, "x", {"definition": None})


def test_a_saved_copy_keeps_history_memos_and_decisions(folder, tmp_path):
    with session(folder) as c:
        c.codes.create("hope")
        c.memo("on the note", note="P1-R1")
        c.mend("P1-R1", "She came early. ", "")
    copy = qq.open_study(folder).save(tmp_path / "copy")
    assert qq.hand_coding.codebook_history(copy)["op"].tolist() == ["create"]
    with session(copy) as c:
        assert c.memos["P1-R1"] == "on the note"
        assert (copy / "notes.log.jsonl").is_file()


def test_a_code_is_renamed_wherever_a_claim_may_name_it():
    from quidqual.hand_coding.codebook_text import rename_in_claims

    text = """\
claims:
- id: trust            # an id is no code
  group: trust
  check:
    measure: ranking
    codes: [trust, work]
    first: [trust]
    then:
    - trust
    - work   # kept
    among: {ties: [trust], trust: [work]}
    baskets:
      wide: {ties: [work, trust], other: [trust]}
    where: [{codes: [trust]}, {group: trust}]
  for: [trust]
"""
    named = rename_in_claims(text, "trust", "hope")
    assert named.count("hope") == 8
    assert "id: trust " in named
    assert "group: trust" in named
    assert "trust: [work]" in named, "the name of a factor is no code"
    merged = rename_in_claims(text, "trust", "work")
    assert "codes: [work]\n" in merged
    assert "then:\n    - work   # kept\n" in merged
    assert "wide: {ties: [work], other: [work]}" in merged


def test_every_code_of_the_example_can_be_renamed_and_merged(tmp_path):
    """The claims of the example name codes in every way there is: the study stays whole."""
    folder = qq.load_example().save(tmp_path / "study")
    before = {p.name: p.read_bytes() for p in folder.glob("*.yaml")}
    with session(folder) as c:
        named = [
            code for code in c.study.codebook.codable if code in before["claims.yaml"].decode()
        ]
        for code in named[::9]:
            c.codes.rename(code, f"{code} anew")
        c.codes.merge("few_friends", into="circle_of_trust")
        assert len(qq.validate(folder).query("level == 'error'")) == 0
        while c.undo():
            pass
    assert {p.name: p.read_bytes() for p in folder.glob("*.yaml")} == before


def test_a_step_that_would_leave_errors_is_refused_before_it_is_written(folder, monkeypatch):
    from quidqual.hand_coding import codebook_verbs

    before = {p.name: p.read_bytes() for p in folder.rglob("*.*") if p.is_file()}
    monkeypatch.setattr(codebook_verbs, "rename_in_claims", lambda text, old, new: text)
    with session(folder) as c, pytest.raises(qq.QuidqualError, match="nothing was written"):
        c.codes.rename("trust", "reliance")
    after = {p.name: p.read_bytes() for p in folder.rglob("*.*") if p.is_file()}
    assert {n: b for n, b in after.items() if not n.startswith(".")} == before
