"""The widget of the review queue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from quidqual.privacy.reviewing.decided import Review

_HERE = Path(__file__).parent


class ReviewWidget(anywidget.AnyWidget):
    """The review queue; made by `review`. Its state holds no word of a note."""

    _esm = _HERE / "review.js"
    _css = _HERE / "review.css"
    language = traitlets.Unicode("en").tag(sync=True)

    def __init__(self, state: Review, *, language: str = "en") -> None:
        super().__init__(language=language)
        self._review = state
        self.on_msg(self._received)

    @property
    def queue(self) -> pd.DataFrame:
        """The queue with what is decided."""
        return self._review.queue

    @property
    def steps(self) -> pd.DataFrame:
        """Every decision in the order it was made."""
        return self._review.steps

    @property
    def undecided(self) -> int:
        """How many rows have no decision."""
        return self._review.undecided

    def _received(self, _: Any, message: dict[str, Any], buffers: Any) -> None:
        self.send({"re": message.get("id"), **self._review.answer(message)})

    def _ipython_display_(self) -> None:
        """Show how far the review is, for whoever opens the notebook without a kernel, and this."""
        from IPython.display import HTML, display

        display(HTML(self._review.static_html()))
        made = self._repr_mimebundle_()
        data = dict(made[0] if isinstance(made, tuple) else made or {})
        told = f"<review queue: {self.undecided} rows undecided>"
        display({**data, "text/plain": told}, raw=True)
