"""Leak rate of the search for identifiers by class and language, share of words queued, speed.

    python benchmarks/privacy/leaks.py > benchmarks/privacy/results.txt

Seven sets of marked EN/IT lines, all people invented: `first_sight`, `second_sight` and `third_sight`
were scored once before they were used to mend the layers (those figures are kept in first_sight.txt;
here is what the layers do with them now); `stranger` is by someone who had seen neither layers nor sets, and nothing is mended by it;
`held_out` was written before the layers and used only to measure; `development` holds the hard forms that the layers were tuned on; `reference`
(../shared/data/deid, left out where it is not there) was open to view while they were written.
*Leaked* counts an identifier of which no character was found; *in part* one of which a letter or
digit was left. *Queued* is the share of all words that a person has to look at. Speed: the notes of
the example, over and over, by the time of the processor.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

import quidqual as qq

ROOT = Path(__file__).resolve().parents[2]
SETS = {
    "first_sight": ROOT / "tests/privacy/first_sight.tsv",
    "second_sight": ROOT / "tests/privacy/second_sight.tsv",
    "third_sight": ROOT / "tests/privacy/third_sight.tsv",
    "stranger": ROOT / "tests/privacy/stranger.tsv",
    "held_out": ROOT / "tests/privacy/held_out.tsv",
    "development": ROOT / "tests/privacy/development.tsv",
    "reference": ROOT.parent / "shared/data/deid/en_it_111.tsv",
}
_MARK = re.compile(r"\[\[([A-Z]+):(.+?)\]\]")


def marked(path):
    for line in path.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        language, _, given = line.split("\t")
        text, gold, at = "", [], 0
        for found in _MARK.finditer(given):
            text += given[at : found.start()]
            gold.append((len(text), len(text) + len(found[2]), found[1]))
            text += found[2]
            at = found.end()
        yield language, text + given[at:], gold


def measure(path):
    total, leaked, part, queued = Counter(), Counter(), Counter(), Counter()
    words, idle = Counter(), Counter()
    for language, text, gold in marked(path):
        covered, truth = bytearray(len(text)), bytearray(len(text))
        finds = list(qq.privacy.find_identifiers(text, language).itertuples())
        for find in finds:
            covered[find.start : find.end] = b"\1" * (find.end - find.start)
        for start, end, kind in gold:
            truth[start:end] = b"\1" * (end - start)
            total[language, kind] += 1
            leaked[language, kind] += not any(covered[start:end])
            left = [i for i in range(start, end) if text[i].isalnum() and not covered[i]]
            part[language, kind] += bool(left) and any(covered[start:end])
        words[language] += len(re.findall(r"\w+", text))
        for find in finds:
            n = len(re.findall(r"\w+", text[find.start : find.end]))
            queued[language] += n * (find.certainty == "review")
            idle[language] += n * (not any(truth[find.start : find.end]))
    return total, leaked, part, words, queued, idle


def speed():
    notes = qq.load_example().notes[["language", "text"]].values.tolist()
    for language, text in notes:  # dictionaries are read once
        qq.privacy.find_identifiers(text, language)
    for times in (1, 4):
        start = time.process_time()
        for language, text in notes:
            qq.privacy.find_identifiers("\n\n".join([text] * times), language)
        seconds = time.process_time() - start
        words = times * sum(len(re.findall(r"\w+", text)) for _, text in notes)
        length = words // len(notes)
        print(f"speed  notes of {length:5} words  {words / seconds:9,.0f} words a second")


def main():
    for name, path in SETS.items():
        if not path.exists():
            print(f"{name}: not here, left out\n")
            continue
        total, leaked, part, words, queued, idle = measure(path)
        print(f"{name}: {sum(total.values())} identifiers, {sum(words.values())} words")
        print(f"  {'class':8} {'en: leaked':>14} {'it: leaked':>14}   in part")
        for kind in sorted({k for _, k in total}):
            cells = [f"{leaked[lang, kind]} of {total[lang, kind]}" for lang in ("en", "it")]
            some = sum(part[lang, kind] for lang in ("en", "it"))
            print(f"  {kind:8} {cells[0]:>14} {cells[1]:>14}   {some}")
        every, lost = sum(total.values()), sum(leaked.values())
        persons = sum(n for (_, k), n in total.items() if k == "PERSON")
        lost_persons = sum(n for (_, k), n in leaked.items() if k == "PERSON")
        print(
            f"  touched: {every - lost} of {every}; persons {persons - lost_persons} of {persons}"
        )
        shares = {lang: f"{queued[lang] / words[lang]:.1%}" for lang in ("en", "it")}
        print(f"  queued: {shares['en']} of the words en, {shares['it']} it")
        print(f"  found without need: {idle['en']} words en, {idle['it']} it\n")
    speed()


if __name__ == "__main__":
    main()
