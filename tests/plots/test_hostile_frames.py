"""Every chart with labels and sizes that break charts: nothing clipped, nothing on another."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import quidqual as qq
from quidqual.plots.canvas import drawn

from .conftest import HELD, presence_of

ODD = [
    "Costs < $5 & “more” > 3_a_b \\alpha^2 🌱 {x} %s",
    "Precipitevolissimevolmente preoccupata/o dell'insicurezza economica e abitativa",
    "A",
    "_",
    "$$",
    "Dipendenza dall'approvazione altrui nell'ambiente di lavoro",
    "Autodeterminazione",
    "Paura",
]
CODES = [f"c{i}" for i in range(len(ODD))]
STATES = ("dubbio & paura $5 < 6", "in_mezzo_alle_due_vite", "autodeterminatissima")
ROUNDS = ["R1", "R2", "R3", "R4"]
LONG_ROUNDS = ["Primo incontro, maggio $1", "Secondo_incontro", "Incontro di <settembre>", "Ultimo"]
Charts = dict[str, Callable[[], Figure]]


def nine() -> pd.DataFrame:
    names = {"S": "sopravvissute e persone accolte", "T": "personale $_<&>", "W": "personale $_<&>"}
    return presence_of({p: (names[p[0]], held) for p, held in HELD.items()}, CODES, ROUNDS)


def changed(frame: pd.DataFrame, before: list[str], after: str, **others: object) -> pd.DataFrame:
    state = frame["state"].astype(str).where(~frame["state"].isin(before), after)
    frame["state"] = pd.Categorical(state, ["present", "absent", "not_observed"])
    return frame.assign(**others)


def cases() -> dict[str, pd.DataFrame]:
    renamed = nine()
    renamed["round"] = renamed["round"].cat.rename_categories(LONG_ROUNDS)
    return {
        "odd labels": nine(),
        "long rounds": renamed,
        "one person": presence_of({"P1": ("x", "R1 R2 R3 R4")}, CODES, ROUNDS),
        "all absent": changed(nine(), ["present"], "absent", n_codings=0),
        "nobody observed": changed(nine(), ["present", "absent"], "not_observed", reason="missed",
                                   n_codings=0),
    }  # fmt: skip


def charts(presence: pd.DataFrame) -> Charts:
    book = {"codebook": dict(zip(CODES, ODD, strict=True))}
    by_round = qq.prevalence(presence, by=("code", "round"))
    words = {STATES[0]: [CODES[0]], STATES[1]: [CODES[1]], STATES[2]: [CODES[-1]]}
    states = qq.states(presence, words)
    held = presence[presence["code"] == CODES[0]].reset_index(drop=True)
    held["date"] = pd.Timestamp("2021-05-01") + pd.to_timedelta(np.arange(len(held)) % 90, unit="D")
    held["status"] = np.where(held["state"] == "not_observed", "missed", "held")
    held = held.assign(language="it", mode="by telephone, $5 & <late>")
    pairs = pd.DataFrame(
        [(a, b, 2 + (i * j) % 9, 20, 20, 0.1 * ((i + j) % 10))
         for i, a in enumerate(CODES) for j, b in enumerate(CODES) if i < j],
        columns=["a", "b", "together", "n_a", "n_b", "jaccard"],
    ).assign(corpus="synthetic")  # fmt: skip
    key = pd.DataFrame({"word": [f"parola_{i}_{'lunga' * (i % 5)}" for i in range(30)]})
    key = key.assign(z=np.linspace(3, -3, 30), participants=3, corpus="synthetic")
    coded = pd.DataFrame(
        {"code": CODES, "coefficient": "alpha", "high": 1.0, "corpus": "synthetic"}
    )
    coded = coded.assign(
        value=np.linspace(-0.5, 1, len(CODES)), low=np.linspace(-0.9, 1, len(CODES)),
        method="bootstrap (interviews)", n_pairable=12345, n_clusters=13, unit="interview",
    )  # fmt: skip
    cells = presence.assign(theme=presence["code"], summary=ODD[0])
    return {
        "tiles": lambda: qq.plot.tiles(presence, **book),
        "icons": lambda: qq.plot.icons(presence, **book),
        "icons of all rounds": lambda: qq.plot.icons(presence, by_round=False, **book),
        "trajectories": lambda: qq.plot.trajectories(presence, **book),
        "change_bars": lambda: qq.plot.change_bars(presence, **book),
        "prevalence": lambda: qq.plot.prevalence(qq.prevalence(presence), **book),
        "prevalence by group": lambda: qq.plot.prevalence(
            qq.prevalence(presence, by=("code", "group")), **book
        ),
        "heat": lambda: qq.plot.heat(by_round, **book),
        "states": lambda: qq.plot.states(states),
        "alluvial": lambda: qq.plot.alluvial(states),
        "interview_timeline": lambda: qq.plot.interview_timeline(held),
        "slope": lambda: qq.plot.slope(by_round, **book),
        "bump": lambda: qq.plot.bump(by_round, **book),
        "upset": lambda: qq.plot.upset(presence, codes=CODES[:6], **book),
        "cooccurrence_matrix": lambda: qq.plot.cooccurrence_matrix(pairs, **book),
        "cooccurrence_network": lambda: qq.plot.cooccurrence_network(pairs, **book),
        "saturation": lambda: qq.plot.saturation(qq.saturation(presence)),
        "keyness": lambda: qq.plot.keyness(key, names=(ODD[0], ODD[-1])),
        "agreement_forest": lambda: qq.plot.agreement_forest(coded, **book),
        "framework_matrix": lambda: qq.plot.framework_matrix(cells, themes=CODES[:1], **book),
        "ledger": lambda: qq.plot.ledger(
            pd.DataFrame({"claim": CODES, "stated": ODD, "verdict": "reproduced (synthetic)"})
        ),
    }


@lru_cache
def of_case(case: str) -> Charts:
    return charts(cases()[case])


NOTHING_TO_DRAW = {"slope", "bump", "upset", "saturation"}  # where nobody was observed


@pytest.mark.parametrize("name", list(of_case("odd labels")))
@pytest.mark.parametrize("case", list(cases()))
def test_labels_hold_at_every_width_of_a_journal(case: str, name: str) -> None:
    make = of_case(case)[name]
    if case == "nobody observed" and name in NOTHING_TO_DRAW:
        with pytest.raises(qq.QuidqualError):
            make()
        return
    redraw = drawn(make())[0].redraw
    assert redraw is not None
    widths = (
        ((183, 7.0), (57, 6.0), (66.8, 9.2))
        if case in ("odd labels", "long rounds")
        else ((66.8, 9.2),)
    )
    for width, size in widths:
        broken = qq.plot.check_figure(redraw(width, size))
        assert broken[~broken["rule"].isin(["advice", "height"])].to_dict("records") == [], width


def test_a_cell_of_the_matrix_leaves_room_for_the_last_label() -> None:
    codes = [f"c{i:02d}" for i in range(11)] + ["documents"]
    rows = [(a, b, 2, 9, 9, 0.2) for i, a in enumerate(codes) for b in codes[i + 1 :]]
    pairs = pd.DataFrame(rows, columns=["a", "b", "together", "n_a", "n_b", "jaccard"])
    figure = qq.plot.cooccurrence_matrix(pairs, width=140)
    beside = [t.get_text() for t in figure.axes[0].texts if t.get_ha() == "left"]
    assert "documents" in beside


def test_no_word_beside_the_network_is_cut_where_there_is_room() -> None:
    pairs = pd.DataFrame(
        [("Documents", "Colleagues", 3, 4, 5), ("Transport", "Friendship", 2, 3, 3)],
        columns=["a", "b", "together", "n_a", "n_b"],
    )
    figure = qq.plot.cooccurrence_network(pairs, width=89, advise=False)
    words = {t.get_text() for t in figure.axes[0].texts}
    assert {"Documents", "Colleagues", "Transport", "Friendship"} <= words


@pytest.mark.parametrize("chart", ["tiles", "icons", "trajectories", "change_bars", "upset"])
def test_a_chart_refuses_two_rows_of_one_cell(chart):

    one = qq.presence(qq.load_example("two_coders"), coder="A")
    two = qq.presence(qq.load_example("two_coders"), coder="B")
    with pytest.raises(qq.QuidqualError, match="two rows for participant"):
        getattr(qq.plot, chart)(pd.concat([one, two]))


def test_someone_who_was_seen_once_is_said_to_be():
    from matplotlib.text import Text

    rows = [("P1", "R1", "present"), ("P1", "R2", "absent"), ("P1", "R3", "absent"),
            ("P2", "R1", "absent"), ("P2", "R2", "not_observed"), ("P2", "R3", "not_observed"),
            ("P3", "R1", "not_observed"), ("P3", "R2", "not_observed"), ("P3", "R3", "not_observed")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["participant", "round", "state"])
    figure = qq.plot.trajectories(frame.assign(code="c", group="g", corpus="synthetic"))
    words = [text.get_text() for text in figure.findobj(Text)]
    assert [w for w in words if w in ("faded", "seen once", "not observed")][:3] == [
        "faded", "seen once", "not observed"
    ]  # fmt: skip


def test_no_count_of_nobody_is_written_as_nought():
    table = pd.DataFrame(
        {"code": ["c"], "k": [0], "n": [0], "share": [float("nan")], "low": [float("nan")],
         "high": [float("nan")], "corpus": "synthetic"}
    )  # fmt: skip
    assert "c not observed" in drawn(qq.plot.prevalence(table))[0].alt


@pytest.mark.parametrize(
    "draw",
    [
        lambda t: qq.plot.heat(t),
        lambda t: qq.plot.slope(t),
        lambda t: qq.plot.bump(t),
    ],
)
def test_a_chart_of_counts_refuses_two_groups_in_one_cell(draw):
    """Before, the group that came last was drawn and the other lost."""
    table = qq.presence(qq.load_example(), codes=["self_esteem", "economy"])
    counts = qq.prevalence(table, by=("group", "code", "round"))
    with pytest.raises(qq.QuidqualError, match="two rows for code"):
        draw(counts)
    draw(counts[counts["group"] == "survivor"])


def test_a_table_behind_a_picture_is_handed_out_as_a_copy():
    figure = qq.plot.tiles(nine())
    table = drawn(figure)[0].data
    table["state"] = "absent"
    assert set(drawn(figure)[0].data["state"]) > {"absent"}
