"""`quidqual tag` as a person types it: a study, any text, a corpus; and what goes wrong."""

import pandas as pd
import pytest

import quidqual as qq
from tests.cli.typed import run

TEXT = """A made report

METHOD

We asked them about trust. Nobody was kept
from the work she wanted.

RESULTS

She trusts the trainer. She does not trust the office, and has few friends.
The wages were paid.

ANNEX

Numbers only.
"""
BOOK = [
    {"id": "ties", "patterns": {"en": ["friend*"], "it": ["amic*"]}},
    {"id": "trust", "parent": "ties", "patterns": {"en": ["trust*"], "it": ["fid*"]}},
    {"id": "money", "patterns": {"en": ["wages"], "it": ["paga"]}},
    {"id": "home", "patterns": {"en": ["home"], "it": ["casa"]}},
]


@pytest.fixture
def own(tmp_path):
    """A small study on disk: two people, one of them speaks of trust."""
    notes = {"A-R1": "I trust the trainer at home.", "B-R1": "Non ho amiche qui."}
    study = qq.Study.from_tables(
        title="Small", corpus="synthetic", rounds=[{"round": "R1"}],
        participants=[{"participant": p, "group": "g"} for p in "AB"],
        interviews=[
            {"interview": f"{p}-R1", "participant": p, "round": "R1", "language": x}
            for p, x in (("A", "en"), ("B", "it"))
        ],
        notes=notes, codebook=BOOK,
        codings=[{"coder": "H", "interview": "A-R1", "start": 2, "end": 7, "code": "trust"}],
    )  # fmt: skip
    return study.save(tmp_path / "study")


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "made.txt"
    path.write_text(TEXT, "utf-8")
    return path


def test_a_text_by_section_beside_the_notes(own, report, tmp_path, capsys):
    out = tmp_path / "hits.csv"
    status, shown, _ = run(capsys, "tag", report, "--study", own, "--out", out)
    assert status == 0
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    for row in ("section ties money all", "METHOD 1 0 1", "RESULTS 3 1 4", "ANNEX 0 0 0"):
        assert row in lines
    # of five hits in the text four are ties, in two sections; of three in the notes two are
    assert "ties 4 4 of 5 2 2 2 of 3 2 of 2 1 of 2" in lines
    assert "home 0 0 of 5 0 1 1 of 3 1 of 2 0 of 2" in lines
    assert "notes of Small (synthetic)" in shown
    assert "5 hits, 2 of them flagged as negated" in shown
    hits = pd.read_csv(out)
    assert [TEXT[a:b] for a, b in zip(hits["start"], hits["end"], strict=True)] == list(
        hits["words"]
    )
    assert set(hits["section"]) == {"METHOD", "RESULTS"}


def test_an_existing_file_is_not_replaced_unless_told(own, report, tmp_path, capsys):
    out = tmp_path / "hits.csv"
    out.write_text("mine", "utf-8")
    status, _, err = run(capsys, "tag", report, "--study", own, "--out", out)
    assert (status, out.read_text("utf-8")) == (1, "mine")
    assert "nothing was written" in err
    assert run(capsys, "tag", report, "--study", own, "--out", out, "--replace")[0] == 0
    assert out.read_text("utf-8").startswith("interview,")


def test_a_study_is_counted_by_code(own, capsys):
    status, shown, _ = run(capsys, "tag", own)
    assert status == 0
    assert "3 hits in Small (synthetic)" in shown
    assert run(capsys, "tag", "--study", own)[1] == shown


@pytest.mark.parametrize(
    ("content", "options", "status", "said"),
    [
        (b"", [], 0, "No pattern of Small matches"),
        (b" \n\n ", [], 0, "No pattern of Small matches"),
        ("perché".encode("latin-1"), [], 1, "not UTF-8"),
        (b"Zxcv qwer.", [], 1, "cannot be told which language"),
        (b"She trusts her. Si fida di lei.", [], 1, "one of 'en', 'it' or 'all'"),
        (b"She trusts her. Si fida di lei.", ["--language", "all"], 0, "2 hits"),
        (b"Er traut.", ["--language", "de"], 1, "no patterns in the language 'de'"),
        (b"She trusts\xe2\x80\x8f her \xf0\x9f\x99\x82.", ["--language", "en"], 0, "1 hits"),
        (b"x", ["--study", "nowhere"], 1, "nowhere"),
    ],
)
def test_texts_that_are_odd(own, tmp_path, capsys, content, options, status, said):
    path = tmp_path / "odd.txt"
    path.write_bytes(content)
    study = [] if "--study" in options else ["--study", own]
    got, out, err = run(capsys, "tag", path, *study, *options)
    assert (got, said in out + err) == (status, True), out + err


def test_a_line_of_five_megabytes(own, tmp_path, capsys):
    path = tmp_path / "long.txt"
    path.write_text("It is the house of the " + "word " * 1_000_000 + "trust", "utf-8")
    status, out, _ = run(capsys, "tag", path, "--study", own)
    assert (status, "1 hits" in out) == (0, True)


def test_what_is_not_there_is_told(own, tmp_path, capsys):
    status, _, err = run(capsys, "tag", tmp_path / "none.txt", "--study", own)
    assert (status, "no such file or folder" in err) == (1, True)


def test_a_corpus_is_tagged_resumed_and_its_failures_listed(own, tmp_path, capsys):
    corpus, out = tmp_path / "corpus", tmp_path / "tags"
    corpus.mkdir()
    (corpus / "a.txt").write_text("She trusts the trainer of the house.", "utf-8")
    (corpus / "b.txt").write_text("Lei si fida della sua amica e non di lui.", "utf-8")
    (corpus / "c.txt").write_bytes("perché".encode("latin-1"))
    status, _, err = run(capsys, "tag", corpus, "--study", own)
    assert (status, "Give --out" in err) == (1, True)
    status, shown, _ = run(capsys, "tag", corpus, "--study", own, "--out", out)
    assert status == 1
    assert "2 of 3 files tagged: 3 hits" in shown
    assert "not UTF-8" in shown
    (corpus / "c.txt").write_text("Perché non si fida?", "utf-8")
    status, shown, _ = run(capsys, "tag", corpus, "--study", own, "--out", out)
    assert (status, shown.count("kept"), shown.count("done")) == (0, 2, 1)
    assert "3 of 3 files tagged: 4 hits" in shown
    tables = [pd.read_parquet(f) for f in sorted(out.glob("*.parquet"))]
    assert [list(t["language"]) for t in tables] == [["en"], ["it", "it"], ["it"]]


@pytest.mark.filterwarnings("ignore")
def test_a_corpus_on_a_scheduler(own, tmp_path, capsys):
    distributed = pytest.importorskip("distributed")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name in "abc":
        (corpus / f"{name}.txt").write_text("She trusts the trainer of the house.", "utf-8")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        words = ["--out", tmp_path / "tags", "--scheduler", cluster.scheduler_address]
        status, shown, _ = run(capsys, "tag", corpus, "--study", own, *words)
    assert (status, "3 of 3 files tagged: 3 hits" in shown) == (0, True)
