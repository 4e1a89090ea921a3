"""Small frames for the charts, built by hand."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

HELD = {
    "S1": "R1 R2 R3",
    "S2": "R1 R2 R3 R4",
    "S3": "R1 R2 R3 R4",
    "S4": "R1 R2 R3",
    "T1": "R1 R2 R3",
    "T2": "R1 R2 R3",
    "T3": "R1 R3",
    "T4": "R1 R2 R3",
    "W1": "R1 R3",
}
CODES = ["trust", "belonging", "autonomy", "economic_security", "language", "housing"]
ITALIAN = {
    "trust": "Fiducia nelle persone e nelle istituzioni pubbliche",
    "belonging": "Appartenenza",
    "autonomy": "Autonomia, capacità di agire e di decidere per sé",
    "economic_security": "Sicurezza economica e abitativa nel lungo periodo",
    "language": "Apprendimento della lingua italiana",
    "housing": "Casa: $500 < $700 & _affitto_",
}


def presence_of(
    people: dict[str, tuple[str, str]], codes: list[str], rounds: list[str]
) -> pd.DataFrame:
    """Make a frame of presence: people maps a name to its group and the rounds it was held in."""
    rows = []
    for number, (person, (group, held)) in enumerate(people.items()):
        for r, name in enumerate(rounds):
            for c, code in enumerate(codes):
                seen, asked = name in held.split(), not (code == "language" and group == "staff")
                state = "present" if (number * 3 + r * 2 + c * 5) % 7 < 4 else "absent"
                reason = "" if seen and asked else "not_asked" if seen else "not_due"
                rows.append(
                    (person, group, name, code, state if not reason else "not_observed", reason,
                     f"{person}-{name}", 1 if state == "present" and not reason else 0)
                )  # fmt: skip
    columns = ["participant", "group", "round", "code", "state", "reason", "interview", "n_codings"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["round"] = pd.Categorical(frame["round"], rounds, ordered=True)
    frame["code"] = pd.Categorical(frame["code"], codes, ordered=True)
    frame["state"] = pd.Categorical(frame["state"], ["present", "absent", "not_observed"])
    return frame.assign(corpus="synthetic", theme="theme")


@pytest.fixture
def make_presence() -> Callable[..., pd.DataFrame]:
    """Give the maker of frames of presence."""

    def make(n: int = 9, n_codes: int = 6, n_rounds: int = 4) -> pd.DataFrame:
        rounds = [f"R{i + 1}" for i in range(n_rounds)]
        codes = CODES[:n_codes] if n_codes <= 6 else [f"code_{i}" for i in range(n_codes)]
        if n == 9:
            people = {p: ("survivor" if p[0] == "S" else "staff", held) for p, held in HELD.items()}
        else:
            people = {f"P{i + 1}": (("north", "south")[i % 2], " ".join(rounds)) for i in range(n)}
        return presence_of(people, codes, rounds)

    return make


@pytest.fixture
def presence(make_presence: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """Nine people, six codes, four rounds."""
    return make_presence()


@pytest.fixture
def small() -> pd.DataFrame:
    """Three people, two rounds, two codes: every number can be counted by hand.

    trust: A absent > present, B present > absent, C present > not observed.
    work:  A present > present, B absent > absent, C absent > not observed.
    """
    states = {
        ("A", "trust"): "absent present", ("A", "work"): "present present",
        ("B", "trust"): "present absent", ("B", "work"): "absent absent",
        ("C", "trust"): "present not_observed", ("C", "work"): "absent not_observed",
    }  # fmt: skip
    rows = [
        (person, "x" if person < "C" else "y", name, code, state,
         "missed" if state == "not_observed" else "", f"{person}-{name}")
        for (person, code), course in states.items()
        for name, state in zip(("R1", "R2"), course.split(), strict=True)
    ]  # fmt: skip
    columns = ["participant", "group", "round", "code", "state", "reason", "interview"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["round"] = pd.Categorical(frame["round"], ["R1", "R2"], ordered=True)
    frame["code"] = pd.Categorical(frame["code"], ["trust", "work"], ordered=True)
    frame["state"] = pd.Categorical(frame["state"], ["present", "absent", "not_observed"])
    return frame.assign(corpus="synthetic", theme="t")


@pytest.fixture
def table() -> pd.DataFrame:
    """A table of prevalence, typed by hand."""
    rows = [
        ("trust", "R1", 2, 3, 0.667, 0.21, 0.94),
        ("trust", "R2", 1, 2, 0.5, 0.09, 0.91),
        ("work", "R1", 1, 3, 0.333, 0.06, 0.79),
        ("work", "R2", 0, 0, float("nan"), float("nan"), float("nan")),
    ]
    frame = pd.DataFrame(rows, columns=["code", "round", "k", "n", "share", "low", "high"])
    frame["round"] = pd.Categorical(frame["round"], ["R1", "R2"], ordered=True)
    return frame.assign(denominator="participants", interval="wilson", corpus="synthetic")


@pytest.fixture
def interviews() -> pd.DataFrame:
    """The timetable of nine people over four rounds; one interview missed."""
    starts = {"R1": "2021-05-04", "R2": "2021-07-02", "R3": "2021-09-07", "R4": "2021-10-05"}
    rows = []
    for number, (person, held) in enumerate(HELD.items()):
        for name, start in starts.items():
            status = (
                "held"
                if name in held
                else "missed"
                if (person, name) == ("T3", "R2")
                else "not_due"
            )
            date = pd.Timestamp(start) + pd.Timedelta(days=number) if status == "held" else pd.NaT
            mode = (
                "video"
                if (person, name) in (("S4", "R3"), ("T2", "R2"), ("W1", "R3"))
                else "in_person"
            )
            language = "en" if person in ("S1", "S2", "S4") else "it"
            rows.append((f"{person}-{name}", person, name, date, language, mode, status))
    columns = ["interview", "participant", "round", "date", "language", "mode", "status"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["round"] = pd.Categorical(frame["round"], list(starts), ordered=True)
    frame["group"] = ["survivor" if p[0] == "S" else "staff" for p in frame["participant"]]
    return frame.assign(corpus="synthetic")


@pytest.fixture
def sequences(small: pd.DataFrame) -> pd.DataFrame:
    """States of three people over two rounds: A doubt > settled, B between > settled, C doubt > ?."""
    words = {"A": ["doubt", "settled"], "B": ["between", "settled"], "C": ["doubt", "not_observed"]}
    rows = [(p, "x" if p < "C" else "y", r, s) for p, course in words.items()
            for r, s in zip(("R1", "R2"), course, strict=True)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["participant", "group", "round", "state"])
    frame["round"] = pd.Categorical(frame["round"], ["R1", "R2"], ordered=True)
    states = ["doubt", "between", "settled", "not_observed"]
    frame["state"] = pd.Categorical(frame["state"], states, ordered=True)
    return frame.assign(corpus="synthetic")


@pytest.fixture
def claims() -> pd.DataFrame:
    """Four claims, one of each verdict."""
    rows = [
        ("D1", "27 interviews were held", "27 of 28 arranged", "reproduced (synthetic)"),
        ("D8", "6 people three times, 2 four times, 1 twice", "28, not 27", "contradicted"),
        ("R20", "3 of 4", "3 of 4", "arithmetic"),
        ("D6", "ages from the twenties to the fifties", None, "not checkable"),
    ]
    return pd.DataFrame(rows, columns=["claim", "stated", "computed", "verdict"]).assign(
        corpus="synthetic"
    )


@pytest.fixture
def texts() -> Callable[..., list[str]]:
    """Give the words a figure shows, line breaks as blanks."""

    def read(figure: object) -> list[str]:
        from matplotlib.text import Text

        found = figure.findobj(Text)  # type: ignore[attr-defined]
        return [
            t.get_text().replace("\n", " ")
            for t in found
            if t.get_text().strip() and t.get_visible()
        ]

    return read
