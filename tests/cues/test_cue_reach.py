"""Reading only what a cue may bear on gives what reading everything gives, and cues are found alike."""

import csv
import random
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quidqual.coding.engine import Engine
from quidqual.coding.patterns import parse
from quidqual.coding.tag import tag
from quidqual.coding.tokens import words_in
from quidqual.cues import clause_words
from quidqual.cues.clause_cutting import Cut
from quidqual.cues.cue_finding import CueFinder
from quidqual.cues.flagger import CUES, Cue, Flagger, flagger
from quidqual.cues.word_forms import bits_for
from quidqual.cues.word_table import Lexicon, WordTable

SETS = ("negation_en_it", "negation_unseen_en_it", "negation_fresh_en_it")
SIGNS = ["", "", "", "", ",", ",", ".", "?", "!", ";", " -", "...", "\n", "\n\n", "'", ")", "?!"]


def sentences(root, language):
    """Texts of all sets, each with the place of its target."""
    for name in SETS:
        file = root / "tests" / "cues" / "sets" / f"{name}.tsv"
        with open(file, encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["language"] == language:
                    start = row["text"].index(row["target"])
                    yield row["text"], (start, start + len(row["target"]))


def passages(root, language):
    """The sentences alone, and three at a time in one text, all words of it hits."""
    own = list(sentences(root, language))
    texts, hits = [t for t, _ in own], [[h] for _, h in own]
    draw = random.Random(4)
    for _ in range(150):
        text = " ".join(t for t, _ in draw.sample(own, 3))
        words = words_in(text)
        texts.append(text)
        hits.append(list(zip(words.starts, words.ends, strict=True)))
    return texts, hits


def flags_of(made, texts, hits, **how):
    """Flags by (number of the text, hit)."""
    rows = [(i, *hit) for i, own in enumerate(hits) for hit in own]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    found = made.flag_many(texts, table[:, 0], table[:, 1:], **how)
    return {rows[i]: flags for i, flags in found}


def words_of(language):
    """Words of the cues and of all lists by which clauses and subjects are told."""
    found = {w for c in CUES[language] for w in re.split(r"[ |!()~*]+", c.pattern)}
    for own in vars(clause_words).values():
        own = own.get(language, ()) if isinstance(own, dict) else own
        found |= set(own) if isinstance(own, frozenset) else set()
    return sorted(w.replace("_", " ") for w in found if w and not w.isdigit())


def texts_of(language):
    word = st.sampled_from([*words_of(language), "grey", "mare", "trust", "calma"])
    part = st.tuples(word, st.sampled_from(SIGNS)).map("".join)
    return st.lists(part, min_size=1, max_size=25).map(" ".join)


@pytest.mark.parametrize("language", ["en", "it"])
def test_what_is_passed_over_has_no_flag(root, language):
    made = flagger(language)
    texts, hits = passages(root, language)
    full = flags_of(made, texts, hits, read_all=True)
    assert len(full) > 800
    assert flags_of(made, texts, hits) == full


@pytest.mark.parametrize("language", ["en", "it"])
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_what_is_passed_over_has_no_flag_in_any_mix_of_cue_words(language, data):
    made = flagger(language)
    texts = data.draw(st.lists(texts_of(language), min_size=1, max_size=3))
    words = [words_in(text) for text in texts]
    hits = [list(zip(own.starts, own.ends, strict=True)) for own in words]
    hits = [own + [(a, b) for (a, _), (_, b) in zip(own, own[2:], strict=False)] for own in hits]
    full = flags_of(made, texts, hits, read_all=True)
    assert flags_of(made, texts, hits) == full
    alone = data.draw(st.sampled_from([(i, hit) for i, own in enumerate(hits) for hit in own]))
    i, hit = alone
    expected = full.get((i, *hit), ())
    assert flags_of(made, [texts[i]], [[hit]]).get((0, *hit), ()) == expected
    assert made.flag(texts[i], [hit]) == [expected]


@pytest.mark.parametrize("language", ["en", "it"])
def test_own_cues_lose_no_flag_either(language):
    cues = [
        Cue("grey", reach=30), Cue("old ~3 tree", "hypothetical", before=True, reach=2),
        Cue("sea", "past_only", across=True), Cue("first", first=True), Cue("no", subject=True, reach=1),
        Cue("!grey cat"),
    ]  # fmt: skip
    made, draw = Flagger(language, cues), random.Random(2)
    vocabulary = [
        "grey",
        "old",
        "tree",
        "sea",
        "first",
        "no",
        "cat",
        "a",
        "di",
        "but,",
        "ma",
        "e",
        "x.",
    ]
    texts = [" ".join(draw.choices(vocabulary, k=draw.randint(2, 60))) for _ in range(400)]
    words = [words_in(text) for text in texts]
    hits = [list(zip(own.starts, own.ends, strict=True)) for own in words]
    full = flags_of(made, texts, hits, read_all=True)
    assert {flag.kind for own in full.values() for flag in own} == {
        "negation", "hypothetical", "past_only",
    }  # fmt: skip
    assert flags_of(made, texts, hits) == full


def test_a_cue_is_found_over_a_long_remark_and_to_the_end_of_a_long_sentence():
    remark = "says " + " ".join(f"word{i}" for i in range(70))
    text = f"She does not, {remark}, trust them."
    at = text.index("trust")
    assert [flag.kind for flag in flagger("en").flag(text, [(at, at + 5)])[0]] == ["negation"]
    far = f"She is calm, {remark}, rolling her eyes."
    assert [flag.kind for flag in flagger("en").flag(far, [(7, 11)])[0]] == ["negation"]


def test_most_hits_without_a_cue_near_are_not_read(root, monkeypatch):
    from quidqual.cues.cue_reading import Reading

    looked_at = []
    real = Reading.flags
    monkeypatch.setattr(
        Reading, "flags", lambda self, *hit: looked_at.append(hit) or real(self, *hit)
    )
    plain = [f"It was grey, and at the corner {i} the bus was late again." for i in range(50)]
    assert not flags_of(flagger("en"), plain, [[(7, 11)] for _ in plain])
    assert not looked_at
    texts, hits = passages(root, "en")
    flagged = flags_of(flagger("en"), texts, hits)
    assert len(flagged) <= len(looked_at) < 1.7 * len(flagged)


@pytest.mark.parametrize("language", ["en", "it"])
def test_cues_are_found_as_the_engine_finds_them(root, language):
    texts, _ = passages(root, language)
    cues = [c for c in CUES[language] if not c.pattern.startswith("!")]
    barring = [c for c in CUES[language] if c.pattern.startswith("!")]
    patterns = [parse(c.pattern).of(code=c.kind, language=language) for c in (*cues, *barring)]
    engine = Engine(patterns, scope="all")
    lexicon = Lexicon(bits_for(language))
    finder, table = CueFinder(patterns, lexicon), WordTable(texts, lexicon)
    from quidqual.cues.clauses import Clauses

    words = Clauses(table, Cut(table, language), np.ones(len(texts), dtype=bool), language)
    at, tries = finder.candidates(table)
    found = finder.find(words, words.here(at), tries.tolist())
    starts = words.places([row[0] for row in found])[0]
    ends = words.places([row[1] for row in found])[1]
    own = {
        (int(words.texts[first]), a, b, n)
        for (first, _, n), a, b in zip(found, starts, ends, strict=True)
    }
    known = {(i, *hit) for i, hits in engine.scan(texts) for hit in hits}
    assert len(known) > 500
    assert own == known


def test_a_text_is_read_alike_alone_and_among_others(root):
    texts, hits = passages(root, "en")
    made = flagger("en")
    quick = flags_of(made, texts, hits)
    for i in range(0, len(texts), 7):
        assert made.flag(texts[i], hits[i]) == [quick.get((i, *hit), ()) for hit in hits[i]]


@pytest.mark.parametrize("language", ["de", "fr", "xx"])
def test_a_language_without_cues_is_tagged_without_flags(language):
    text = "Ist sie ruhig und froh? Ja, sicher. Do they trust ruhig, and not here? No. None."
    book = {"calm": {language: ["ruhig"]}}
    rows = tag([text], book, language=language)
    assert rows["words"].tolist() == ["ruhig", "ruhig"]
    assert rows["cues"].tolist() == ["", ""]
    own = [Cue("nicht"), Cue("vorbei", "past_only", before=True), Cue("vielleicht", "hypothetical")]
    text = "Ist sie nicht ruhig? Nein. Vielleicht ruhig, und jetzt nicht mehr? Ruhig ist vorbei."
    rows = tag([text], book, language=language, cues=own)
    assert rows["cues"].tolist() == [
        "negation: nicht", "hypothetical: Vielleicht", "past_only: vorbei",
    ]  # fmt: skip


def test_threads_that_share_a_flagger_give_what_one_gives(root):
    texts, hits = passages(root, "en")
    parts = [(texts[i::8], hits[i::8]) for i in range(8)]
    expected = [flags_of(flagger("en"), *part) for part in parts]
    made = Flagger("en")
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda part: flags_of(made, *part), parts)) == expected


def test_a_long_text_full_of_cues_and_hits_ends_soon():
    text = "She does not trust them, and never did, nobody would " * 4000
    starts = list(range(0, len(text) - 60, 53))
    rows = Flagger("en").flag(text, [(at + 13, at + 18) for at in starts])
    assert len(rows) == len(starts)
    assert all(row and row[0].kind == "negation" for row in rows)
    endless = "not trust " * 8000  # one clause without an end
    rows = flagger("en").flag(endless, [(at + 4, at + 9) for at in range(0, len(endless), 10)])
    assert all(row[0].kind == "negation" for row in rows)


@pytest.mark.parametrize(
    ("language", "text", "clauses"),
    [
        ("en", "her youngest, the one at the nursery, is shy", "her youngest is shy|the one at the nursery"),
        ("en", "since she no longer shares the room she sleeps well",
         "since she no longer shares the room|she sleeps well"),
        ("en", "she is tired and sad but she hopes", "she is tired and sad|but she hopes"),
        ("en", "she is tired and he sings", "she is tired and|he sings"),
        ("en", "angry, sad or afraid", "angry sad or afraid"),
        ("en", "the women who came early were calm", "the women|who came early|were calm"),
        ("en", "so tired. So the bus", "so tired|so the bus"),
        ("it", "siccome non ha la macchina e' dipendente", "siccome non ha la macchina|e' dipendente"),
        ("it", "se ne e' andata", "se ne e' andata"),
        ("it", "e' calma se dorme", "e' calma|se dorme"),
        ("it", "dato che piove, resta", "dato che piove|resta"),
        ("it", "non si e' mai, nemmeno un'ora, sentito solo",
         "non si e' mai sentito solo|nemmeno un' ora"),
        ("xx", "she is tired because he sings; yes", "she is tired because he sings|yes"),
    ],
)  # fmt: skip
def test_a_text_is_cut_into_clauses(language, text, clauses):
    table = WordTable(["", text, "and he"], Lexicon(bits_for(language)))
    own = slice(table.first[1], table.behind[1])
    found: dict[int, list[str]] = {}
    for clause, form in zip(Cut(table, language).clause[own], table.form[own], strict=True):
        found.setdefault(clause, []).append(table.lexicon.names[form])
    assert sorted(map(" ".join, found.values())) == sorted(clauses.split("|"))
    assert sum(map(len, found.values())) == len(words_in(text).keys)
    assert list(chain(*found.values()))  # nothing of the texts beside it
