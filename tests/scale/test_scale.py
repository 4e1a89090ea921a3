"""Large corpora: the same rows, resumable, nothing lost or doubled."""

import os
import signal
import time

import pandas as pd
import pytest

from quidqual import scale
from quidqual.coding.tag import tag
from quidqual.cues.flagger import Cue
from quidqual.pattern_review.expand import expand
from quidqual.scale.corpus import RUN, batches_of, part_name, plain, tag_corpus
from quidqual.scale.documents import section_counts, sections_of, tag_file
from quidqual.study.codebook import Codebook
from quidqual.study.errors import QuidqualError

BOOK = {"trust": {"en": ["trust*"]}, "friend": {"en": ["friend*"]}}
SENTENCES = ["I trust my friend.", "Nobody came.", "Friends do not trust.", "The trusting kind."]


def segments(n: int, name: str = "f") -> pd.DataFrame:
    return pd.DataFrame({
        "interview": [f"{name}{i // 10}" for i in range(n)], "segment": [i % 10 + 1 for i in range(n)], "start": 0,
        "words": [SENTENCES[i % 4] for i in range(n)], "language": "en",
        "participant": [f"P{i // 10 % 7}" for i in range(n)], "group": ["a" if i // 10 % 7 < 3 else "b" for i in range(n)],
        "round": "R1",
    })  # fmt: skip


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for k in range(8):
        segments(200, f"f{k}-").to_parquet(folder / f"{k}.parquet")
    return folder


def whole(folder):
    return pd.concat(
        [pd.read_parquet(f) for f in sorted(folder.glob("*.parquet"))], ignore_index=True
    )


def test_a_folder_gives_the_rows_of_tag(corpus, tmp_path):
    report = tag_corpus(corpus, tmp_path / "out", BOOK)
    assert report["status"].tolist() == ["done"] * 8
    pd.testing.assert_frame_equal(whole(tmp_path / "out"), plain(tag(whole(corpus), BOOK)))


def test_it_goes_on_where_it_stopped(corpus, tmp_path):
    out = tmp_path / "out"
    tag_corpus(corpus, out, BOOK)
    (out / part_name("3.parquet")).unlink()
    segments(40, "new").to_parquet(corpus / "5.parquet")
    assert tag_corpus(corpus, out, BOOK)["status"].tolist() == ["kept"] * 3 + [
        "done",
        "kept",
        "done",
        "kept",
        "kept",
    ]
    pd.testing.assert_frame_equal(whole(out), plain(tag(whole(corpus), BOOK)))


def test_a_broken_partition_is_retried_and_listed(corpus, tmp_path):
    (corpus / "2.parquet").write_bytes(b"no parquet")
    report = tag_corpus(corpus, tmp_path / "out", BOOK, retries=1)
    assert report["status"].value_counts().to_dict() == {"done": 7, "failed": 1}
    assert report.loc[2, ["tries", "problem"]].tolist() == [2, "ArrowInvalid"]


def test_globs_are_looked_at_over_the_whole_corpus_and_not_in_each_partition(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    letters = "abcdefgh"
    for k in range(4):  # words of one file begin with un, those of the others do not
        words = [
            f"{'un' if k == 2 else 'so'}{a}{b}{k} other{a}{b}{k}" for a in letters for b in letters
        ]
        pd.DataFrame({"words": words, "language": "en"}).to_parquet(folder / f"{k}.parquet")
    report = tag_corpus(folder, tmp_path / "out", {"a": {"en": ["un*"]}})
    assert report[["status", "n_tags"]].values.tolist() == [
        ["done", 0], ["done", 0], ["done", 64], ["done", 0],
    ]  # fmt: skip
    with pytest.raises(QuidqualError, match=r"'ot\*' takes in 50%"):
        tag_corpus(folder, tmp_path / "new", {"a": {"en": ["ot*"]}})
    assert not (tmp_path / "new").exists()


def test_bad_folders(corpus, tmp_path):
    with pytest.raises(QuidqualError, match="no such folder"):
        tag_corpus(tmp_path / "none", tmp_path / "out", BOOK)
    (tmp_path / "empty").mkdir()
    with pytest.raises(QuidqualError, match="holds no text"):
        tag_corpus(tmp_path / "empty", tmp_path / "out", BOOK)
    tag_corpus(corpus, tmp_path / "out", BOOK)
    with pytest.raises(QuidqualError, match="other patterns"):
        tag_corpus(corpus, tmp_path / "out", {"trust": {"en": ["trust"]}})


def test_plain_texts_are_tagged_in_their_language(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("I trust\nher. Nobody.", encoding="utf-8")
    tag_corpus(tmp_path / "in", tmp_path / "out", BOOK, language="en")
    rows = whole(tmp_path / "out")
    assert rows[["interview", "start", "end", "words"]].values.tolist() == [["a", 2, 7, "trust"]]


def test_a_dask_frame_is_tagged_as_a_pandas_frame():
    dd = pytest.importorskip("dask.dataframe")
    frame = segments(400)
    tags = scale.tag(dd.from_pandas(frame, npartitions=4), BOOK)
    pd.testing.assert_frame_equal(
        tags.compute().reset_index(drop=True), plain(tag(frame, BOOK)), check_dtype=False
    )
    with pytest.raises(QuidqualError, match=r"qq\.scale\.tag"):
        tag(dd.from_pandas(frame, npartitions=4), BOOK)
    with pytest.raises(QuidqualError, match="Dask DataFrame is wanted"):
        scale.tag(frame, BOOK)


def test_each_file_is_there_once_whatever_was_removed_or_renamed(tmp_path):
    folder, out = tmp_path / "in", tmp_path / "so"
    folder.mkdir()
    for name, n in (("a", 2), ("b", 3), ("c", 4)):
        (folder / f"{name}.csv").write_text("words,language\n" + "I trust.,en\n" * n)
    tag_corpus(folder, out, BOOK)
    assert len(pd.read_parquet(out)) == 9
    (folder / "a.csv").unlink()
    assert tag_corpus(folder, out, BOOK)["status"].tolist() == ["kept", "kept"]
    assert len(pd.read_parquet(out)) == 7
    (folder / "b.csv").rename(folder / "z.csv")
    assert tag_corpus(folder, out, BOOK)["status"].tolist() == ["kept", "done"]
    assert len(pd.read_parquet(out)) == 7
    (out / "part-of-mine.parquet.txt").write_text("mine")
    tag_corpus(folder, out, BOOK)
    assert (out / "part-of-mine.parquet.txt").read_text() == "mine"


def test_a_file_is_known_by_what_it_holds_and_not_by_size_and_time(tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    file = folder / "x.csv"
    file.write_text("words,language\nI trust.,en\n")
    stamp = file.stat().st_mtime_ns
    tag_corpus(folder, out, BOOK)
    file.write_text("words,language\nNo trust,en\n")
    os.utime(file, ns=(stamp, stamp))
    assert tag_corpus(folder, out, BOOK)["status"].tolist() == ["done"]
    assert pd.read_parquet(out)["start"].tolist() == [3]


def test_a_csv_is_text_in_batches(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("words;participant;segment\nI trust NA;007;1\nNA;NA;2\nTrust;1e5;3\n")
    parts = list(batches_of(str(file), size=2))
    assert [len(part) for part in parts] == [2, 1]
    rows = pd.concat(parts)
    assert rows["participant"].tolist() == ["007", "NA", "1e5"]
    assert rows["interview"].tolist() == ["0", "1", "2"]
    assert rows["segment"].tolist() == [1, 2, 3]
    file.write_text("words,segment\na,x\n")
    with pytest.raises(QuidqualError, match="whole numbers"):
        list(batches_of(str(file)))


def test_batches_give_the_rows_of_the_whole(tmp_path, monkeypatch):
    folder = tmp_path / "in"
    folder.mkdir()
    segments(1_000).to_parquet(folder / "one.parquet")
    monkeypatch.setattr("quidqual.scale.corpus_files.BLOCK", 300)
    monkeypatch.setattr(batches_of, "__kwdefaults__", {"size": 300})
    report = tag_corpus(folder, tmp_path / "out", BOOK)
    assert report["n_segments"].tolist() == [1_000]
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "out"), plain(tag(segments(1_000), BOOK))
    )


def test_processes_give_the_same_files(corpus, tmp_path):
    tag_corpus(corpus, tmp_path / "one", BOOK)
    report = tag_corpus(corpus, tmp_path / "two", BOOK, processes=2)
    assert report["status"].tolist() == ["done"] * 8
    pd.testing.assert_frame_equal(whole(tmp_path / "one"), whole(tmp_path / "two"))


def test_the_core_does_not_know_this_wing(root):
    found = [
        file.name
        for file in (root / "quidqual" / "coding").glob("*.py")
        if "quidqual.scale" in file.read_text("utf-8").replace("`quidqual.scale.tag`", "")
    ]
    assert found == []


def lazily(frame, book, **options):
    dd = pytest.importorskip("dask.dataframe")
    tags = scale.tag(dd.from_pandas(frame, npartitions=3), book, **options)
    return tags.compute().reset_index(drop=True)


TREE = Codebook([
    {"id": "ties"},
    {"id": "trust", "parent": "ties", "patterns": {"en": ["trust*", "<trust>"], "it": ["fid*"]}},
    {"id": "friend", "parent": "ties", "patterns": {"en": ["friend*"]}},
    {"id": "other", "patterns": {"en": ["nobody"]}},
])  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        {"codes": "ties"},
        {"codes": ["friend"]},
        {"scope": "all"},
        {"cues": [Cue("my", reach=2)]},
        {"cues": []},
        {"lemmas": {"en": {"trusting": "trusting"}}, "scope": "all"},
        {"language": "en"},
    ],
)
def test_a_dask_frame_honours_each_option(options):
    frame = segments(60)
    expected = tag(frame, TREE, **options)
    assert len(expected) != len(tag(frame, TREE)) or not options.keys() & {"codes", "scope"}
    pd.testing.assert_frame_equal(
        lazily(frame, TREE, **options), plain(expected), check_dtype=False
    )


def test_a_dask_frame_honours_an_edited_expansion():
    frame = segments(60)
    table = expand(TREE, frame)
    table.loc[table["form"] == "trusting", "kept"] = False
    hits = lazily(frame, TREE, expansion=table)
    assert set(hits["words"].str.casefold()) == {"trust", "friend", "friends", "nobody"}
    assert set(hits["theme"]) == {"ties", "other"}


@pytest.mark.parametrize(
    ("frame", "options", "said"),
    [
        (segments(20), {"nlp": object()}, "pipeline cannot be used on a Dask frame"),
        (segments(20), {"codes": ["trsut"]}, "'trsut' is not a code"),
        (segments(20), {"scope": "widest"}, "'longest' or 'all', not 'widest'"),
        (segments(20), {"expansion": pd.DataFrame({"form": []})}, "expansion lacks"),
        (segments(20).drop(columns="language"), {}, "no column language"),
    ],
)
def test_what_a_dask_frame_cannot_do_is_said_at_once(frame, options, said):
    dd = pytest.importorskip("dask.dataframe")
    with pytest.raises(QuidqualError, match=said):
        scale.tag(dd.from_pandas(frame, npartitions=2), TREE, **options)
    constrained = {"a": {"en": ["trust[pos=VERB]"]}}
    with pytest.raises(QuidqualError, match="constraints cannot be used"):
        scale.tag(dd.from_pandas(segments(20), npartitions=2), constrained)


@pytest.mark.filterwarnings("ignore")
def test_tries_are_counted_on_a_cluster(corpus, tmp_path):
    distributed = pytest.importorskip("distributed")
    (corpus / "2.parquet").write_bytes(b"no parquet")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ) as cluster:
        options = {"scheduler": cluster.scheduler_address, "retries": 3}
        report = tag_corpus(corpus, tmp_path / "out", TREE, **options)
        assert report["tries"].tolist() == [1, 1, 4, 1, 1, 1, 1, 1]
        assert report["status"].tolist().count("failed") == 1
        segments(200).to_parquet(corpus / "2.parquet")
        report = tag_corpus(corpus, tmp_path / "out", TREE, **options)
    assert report["tries"].tolist() == [0, 0, 1, 0, 0, 0, 0, 0]
    assert set(whole(tmp_path / "out")["theme"]) == {"ties", "other"}


def test_a_try_that_was_killed_counts(corpus, tmp_path):
    run = tmp_path / "out" / RUN
    run.mkdir(parents=True)
    (run / f"{part_name('4.parquet')}.tries").write_text("x")  # what a dead worker leaves
    assert tag_corpus(corpus, tmp_path / "out", BOOK)["tries"].tolist() == [1, 1, 1, 1, 2, 1, 1, 1]
    assert not list(run.glob("*.tries"))


@pytest.mark.filterwarnings("ignore")
def test_a_worker_killed_midway_loses_and_doubles_nothing(corpus, tmp_path):
    distributed = pytest.importorskip("distributed")
    import threading

    for k in range(8):
        segments(4_000, f"f{k}-").to_parquet(corpus / f"{k}.parquet")
    out = tmp_path / "out"
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        worker = next(iter(cluster.workers.values())).pid
        killed = []

        def kill_when_under_way():
            for _ in range(6000):
                own = [w for w in cluster.scheduler.workers.values() if w.processing]
                if list(out.glob("part-*.parquet")) and any(w.pid == worker for w in own):
                    os.kill(worker, signal.SIGKILL)
                    killed.append(worker)
                    return
                time.sleep(0.01)

        thread = threading.Thread(target=kill_when_under_way)
        thread.start()
        report = tag_corpus(corpus, out, BOOK, scheduler=cluster.scheduler_address)
        thread.join()
    assert killed == [worker]
    assert not report["status"].eq("failed").any()
    rows = whole(out)
    assert len(rows) == 8 * len(tag(segments(4_000), BOOK))
    assert not rows.duplicated(["interview", "segment", "start", "end", "code"]).any()


def test_a_document_by_section(tmp_path):
    text = "1 First part\n\nI trust\nmy friends. Nobody\ntrusts.\n\nSECOND PART\n\nA friend.\n"
    (tmp_path / "r.txt").write_text(text, encoding="utf-8")
    hits = tag_file(tmp_path / "r.txt", BOOK)
    assert [text[a:b] for a, b in zip(hits["start"], hits["end"], strict=True)] == hits[
        "words"
    ].tolist()
    assert hits["section"].tolist() == ["1 First part"] * 3 + ["SECOND PART"]
    table = section_counts(hits, level="code")
    assert table.values.tolist() == [["1 First part", 2, 1, 3], ["SECOND PART", 0, 1, 1]]
    assert sections_of("").empty
    with pytest.raises(QuidqualError, match="no such file"):
        tag_file(tmp_path / "none.txt", BOOK)
    (tmp_path / "l.txt").write_bytes("perché".encode("latin-1"))
    with pytest.raises(QuidqualError, match="UTF-8"):
        tag_file(tmp_path / "l.txt", BOOK)


HOME = {"home": {"en": ["home*"]}}


def corpus_of(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def rows_in(out):
    return pd.read_parquet(out)[["interview", "words"]].values.tolist()


def test_endings_in_capitals_are_files_too(tmp_path):
    """Windows writes NOTES.TXT, and it was passed over without a word."""
    corpus_of(tmp_path / "c", a_CSV="words\nhome\n", b_TXT="I stay home.", c_Md="Home.")
    report = tag_corpus(tmp_path / "c", tmp_path / "out", HOME, language="en")
    assert report[["file", "n_tags"]].values.tolist() == [["a.CSV", 1], ["b.TXT", 1], ["c.Md", 1]]


def test_texts_of_one_name_stay_apart(tmp_path):
    corpus_of(tmp_path / "c", x__t_txt="I stay home.", y__t_txt="Home is far.", u_md="home")
    tag_corpus(tmp_path / "c", tmp_path / "out", HOME, language="en")
    assert sorted(rows_in(tmp_path / "out")) == [
        ["u", "home"], ["x/t.txt", "home"], ["y/t.txt", "Home"],
    ]  # fmt: skip


def test_rows_of_tables_without_interviews_stay_apart(tmp_path):
    corpus_of(tmp_path / "c", a_csv="words\nhome\nno\nhome\n", b_csv="words\nhome\n")
    tag_corpus(tmp_path / "c", tmp_path / "out", HOME, language="en")
    assert [name for name, _ in rows_in(tmp_path / "out")] == ["a:0", "a:2", "b:0"]


def test_a_file_that_broke_takes_its_old_tags_away(tmp_path):
    """It is failed in the report; its tags of before stood in the folder as if it were not."""
    folder = corpus_of(tmp_path / "c", a_csv="words\nhome\nhome\n", b_csv="words\nhome\n")
    tag_corpus(folder, tmp_path / "out", HOME, language="en")
    (folder / "a.csv").write_bytes(b"words\n\xff\xfe\xfa home\n")
    report = tag_corpus(folder, tmp_path / "out", HOME, language="en", retries=0)
    assert report["status"].tolist() == ["failed", "kept"]
    assert rows_in(tmp_path / "out") == [["b:0", "home"]]


@pytest.mark.parametrize("what", ["cut", "empty", "other", "note", "no keys"])
def test_a_part_that_is_not_whole_is_made_again(tmp_path, what):
    folder = corpus_of(tmp_path / "c", a_csv="words\nhome\nhome\n", b_csv="words\nhome\n")
    out = tmp_path / "out"
    tag_corpus(folder, out, HOME, language="en")
    part, note = out / part_name("a.csv"), out / RUN / f"{part_name('a.csv')}.json"
    if what == "other":
        part.write_bytes((out / part_name("b.csv")).read_bytes())
    elif what in ("note", "no keys"):
        note.write_text("{" if what == "note" else "{}")
    else:
        part.write_bytes(part.read_bytes()[:50] if what == "cut" else b"")
    report = tag_corpus(folder, out, HOME, language="en")
    assert report["status"].tolist() == ["done", "kept"]
    assert len(rows_in(out)) == 3


def test_tags_inside_the_corpus_are_not_tagged_again(tmp_path):
    folder = corpus_of(tmp_path / "c", a_csv="words\nhome\n")
    for _ in range(3):
        report = tag_corpus(folder, folder / "out", HOME, language="en")
        assert report["file"].tolist() == ["a.csv"]
        assert len(rows_in(folder / "out")) == 1


def test_a_note_of_patterns_that_was_cut_off_is_an_error_of_ours(tmp_path):
    folder = corpus_of(tmp_path / "c", a_csv="words\nhome\n")
    tag_corpus(folder, tmp_path / "out", HOME, language="en")
    (tmp_path / "out" / RUN / "run.json").write_text("")
    with pytest.raises(QuidqualError, match="other patterns"):
        tag_corpus(folder, tmp_path / "out", HOME, language="en")
