"""`review`: the queue in Jupyter, decided by keys or by touch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from quidqual.privacy.reviewing.decided import Review
from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    import pandas as pd

    from quidqual.privacy.reviewing.review_widget import ReviewWidget


def review(queue: pd.DataFrame | str | Path, *, language: str = "en") -> ReviewWidget:
    """Show a review queue, to accept, replace, or ignore with a reason, row by row.

    Keys: arrows choose a row, ``a`` accepts, ``r`` replaces, ``i`` ignores (then type, and
    Enter), with Shift all undecided rows of the same words; ``u`` takes the last step back,
    ``n`` goes to the next undecided row.

    Parameters
    ----------
    queue : DataFrame or path
        ``pseudonymise(...).queue``, or the file that it wrote: of a file every decision is
        written at once, and every step into a log beside it.
    language : {"en", "it"}
        Of the interface.

    Returns
    -------
    ReviewWidget
        Shows itself. ``.queue`` is the queue with the decisions, to be given back as
        ``pseudonymise(..., review=widget.queue)``; ``.steps`` every decision in its order;
        ``.undecided`` how many rows are open.

    Raises
    ------
    QuidqualError
        If it is no queue, a decision in it has problems, or anywidget is not installed.

    Notes
    -----
    The rows hold words of the raw notes. A saved notebook keeps none of them: what stands
    there without a kernel are counts.
    """
    one_of(language, ("en", "it"), field="language")
    state = Review(queue)
    try:
        from quidqual.privacy.reviewing.review_widget import ReviewWidget
    except ModuleNotFoundError as error:
        if error.name not in ("anywidget", "traitlets"):
            raise
        raise QuidqualError.of(
            "showing the queue needs the package anywidget.",
            remedy="Install it: pip install 'quidqual[widget]', or fill in the CSV.",
        ) from None
    return ReviewWidget(state, language=language)
