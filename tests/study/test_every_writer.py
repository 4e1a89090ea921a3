"""Whatever a name comes from, nothing is written outside of the folder or under a wild name."""

from __future__ import annotations

import ast
import json
import warnings
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import quidqual as qq
from quidqual.hand_coding.carried import PENDING
from quidqual.hand_coding.memos import Memos
from quidqual.privacy.pseudonyms.key_file import Key, write_key
from quidqual.study.files import write_inside
from quidqual.study.gate import path_fault
from quidqual.study.release_gate import write_result
from quidqual.suggestions.decisions import decide

PIECES = ["..", "/", "\\", "con", "NUL.md", "a", "è" * 130, "\ud800", "\0", "\n", ".", " ", "\u202e",
          "C:", "|", "~", "a" * 300, "%2F", "-", "ß", "~/", "lpt1", "e\u0301\u0316" * 200]  # fmt: skip
NAMES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)
NOTE = "I stay at home."


def study(**more):
    given = {"interview": "I", "coder": "A", "note": ""} | more
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R"], notes={given["interview"]: NOTE},
        participants=[{"participant": "P", "group": "g"}], codebook=["c"],
        interviews=[{"interview": given["interview"], "participant": "P", "round": "R",
                     "note": given["note"]}],
        codings=[{"interview": given["interview"], "exact": "home", "code": "c",
                  "coder": given["coder"]}],
    )  # fmt: skip


def saved(place, **more):
    return qq.open_study(study(**more).save(place / "s"))


def summary(place, name):
    made = saved(place, interview=name)
    written = qq.analysis.write_summary(made, made.codings["interview"].iloc[0], "c", "Stays.")
    assert place in written.parents
    told = qq.analysis.read_summaries(made.folder)
    assert list(told) == [(made.codings["interview"].iloc[0], "c")]


def cut_off_step(place, name):
    """Write what a foreign study folder may bring along, and open it for coding."""
    folder = study().save(place / "s")
    step = {"log": name, "records": [{"step": "x"}], "texts": {name: "seized"}, "lines": {}}
    (folder / PENDING).write_text(json.dumps(step), "utf-8")
    qq.coding_session(folder, coder="A").close()


def session(place, name):
    folder = study().save(place / "s")
    with qq.coding_session(folder, coder=name) as c:
        c.add("I", words="home", code="c")
        Memos(c).write("A memo.")


def decided(place, name):
    rows = pd.DataFrame({"interview": ["I"], "start": [0], "end": [6], "code": ["c"],
                         "probability": [0.5], "basis": ["new"]})  # fmt: skip
    decide(saved(place), rows, coder=name, at="2021-01-01T00:00:00Z", accept=True)


def figure(place, name):
    table = pd.DataFrame({"code": ["c"], "round": ["R"], "k": [1], "n": [1], "corpus": "synthetic"})
    qq.export_figure(qq.plot.heat(table), name, folder=place / "f", formats=["svg"])


def key(place, name):
    write_key(place / "keys" / plain(name), Key({}, {}, {}), "five words that differ much")


def plain(name):
    """Take what a person would give as the name of one file."""
    return name.replace("/", "").replace("\0", "") or "x"


WRITERS = {
    "interview": lambda place, name: study(interview=name).save(place / "s"),
    "note": lambda place, name: study(note=name).save(place / "s"),
    "coder": lambda place, name: study(coder=name).save(place / "s"),
    "crate": lambda place, name: write_inside(place / "c", name, "x"),
    "summary": summary,
    "session": session,
    "cut-off step": cut_off_step,
    "decisions": decided,
    "figure": figure,
    "key": key,
    "result": lambda place, name: write_result(
        place / plain(name), "x", replace=False, of="synthetic"
    ),
    "table": lambda place, name: qq.write_table(
        pd.DataFrame({"a": [1]}), place / f"{plain(name)}.csv"
    ),
    "project": lambda place, name: qq.interchange.write_qdpx(
        study(interview=name), place / f"{plain(name)}.qdpx"
    ),
    "report": lambda place, name: qq.interchange.write(study(), place / f"{plain(name)}.md"),
    "framework": lambda place, name: qq.reporting.write_framework(
        qq.framework_matrix(study(interview=name)), place / f"{plain(name)}.csv"
    ),
}


@pytest.mark.parametrize("writer", list(WRITERS))
@example(name="../../x")
@example(name="/tmp/quidqual-hostile")
@example(name="notes/../../../x")
@example(name="NUL")
@example(name="a" * 300)
@settings(
    max_examples=15, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(name=NAMES)
def test_nothing_leaves_the_folder(tmp_path_factory, writer, name):
    around = tmp_path_factory.mktemp("around")
    place = around / "deep" / "deeper" / "place"
    place.mkdir(parents=True)
    with warnings.catch_warnings(), suppress(qq.QuidqualError):
        warnings.simplefilter("ignore")
        WRITERS[writer](place, name)
    written = [p for p in around.rglob("*") if p.is_file()]
    assert all(place in p.parents for p in written)
    assert not Path("/tmp/quidqual-hostile").exists()
    for path in written:
        assert path_fault(path.relative_to(place).as_posix()) == "", path
        assert not path.name.endswith("quidqual-part")


def test_a_link_in_a_foreign_folder_leads_nowhere(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = study().save(tmp_path / "s")
    for room in ("suggestions", "summaries", "memos"):
        (folder / room).symlink_to(outside)
    made = qq.open_study(folder)
    rows = pd.DataFrame({"interview": ["I"], "start": [0], "end": [6], "code": ["c"],
                         "probability": [0.5], "basis": ["new"]})  # fmt: skip
    for wish in (
        lambda: qq.analysis.write_summary(made, "I", "c", "Stays."),
        lambda: decide(made, rows, coder="B", at="2021-01-01T00:00:00Z", accept=True),
        lambda: qq.coding_session(folder, coder="B"),
    ):
        with pytest.raises(qq.QuidqualError, match="through a link"):
            wish()
    assert list(outside.iterdir()) == []


# What writes by itself, and why; everything else goes through study/files.py or the log.
OWN = {
    "study/files.py": "the writer",
    "study/log_append.py": "appends to the log under its lock; its path passes the gate",
    "study/save.py": "swaps a whole folder",
    "hand_coding/scaffold.py": "empty rooms of a new study",
    "hand_coding/carried.py": "appends records; its paths pass the gate",
    "hand_coding/one_writer.py": "the lock of a session, beside the log",
    "hand_coding/session_core.py": "the room of the logs",
    "scale/component.py": "spaCy gives the folder",
    "suggestions/decisions.py": "appends decisions; its path passes the gate",
    "scale/corpus.py": "parts are named by a digest",
    "reporting/reproduce.py": "the folder of the notebooks",
    "privacy/pseudonyms/key_file.py": "overwrites a key before it is deleted",
    "privacy/release/release_log.py": "appends to the log of releases",
}
VERBS = {"write_text", "write_bytes", "mkdir", "mkstemp", "mkdtemp", "replace_file", "makedirs"}


def test_no_other_module_writes_by_itself():
    root = Path(qq.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            modes = [a.value for a in node.args if isinstance(a, ast.Constant)]
            opened = name == "open" and any(
                isinstance(m, str) and set(m) & set("wax+") and set(m) <= set("rwax+bt")
                for m in modes
            )
            if name in VERBS or opened:
                found.add(path.relative_to(root).as_posix())
    assert found == set(OWN), "write through quidqual.study.files, or say here why not"
