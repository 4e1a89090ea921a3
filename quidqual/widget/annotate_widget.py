"""`annotate`: the coding surface as a Jupyter widget over a coding session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import pandas as pd

from quidqual.hand_coding.session import CodingSession, coding_session
from quidqual.hand_coding.session_core import open_session
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.widget.coding_surface import CodingSurface, session_of
from quidqual.widget.static_view import progress_html

if TYPE_CHECKING:
    from quidqual.study.model import Study

_HERE = Path(__file__).parent


def annotate(
    study: Study | str | Path,
    *,
    coder: str,
    blind: bool = False,
    suggestions: pd.DataFrame | str | None = None,
    compare: tuple[str, str] | None = None,
    language: str = "en",
    keep_words: bool = False,
) -> AnnotateWidget:
    """Read and code the notes of a study inside Jupyter.

    Parameters
    ----------
    study : Study or path
        A study folder, or a study that was opened from one.
    coder : str
        Whose log is written. With ``compare``: the name of the third, agreed set.
    blind : bool, default False
        Hide what other coders coded.
    suggestions : DataFrame or "patterns", optional
        Suggested codings (``interview, start, end, code``; those of ``qq.suggestions`` or
        ``qq.tag``) as faint marks; ``"patterns"`` asks the codebook's patterns. Off by
        default, so that a first coding is independent.
    compare : (str, str), optional
        Two coders side by side; each decision with its reason goes into ``coder``'s log.
    language : {"en", "it"}
        Of the interface.
    keep_words : bool, default False
        Whether the words of coded passages go into the saved notebook. Progress and counts
        always do, as a table that is there without a kernel.

    Returns
    -------
    AnnotateWidget
        Shows itself. ``.study`` is the study at any moment, ``.session`` has every verb,
        ``.close()`` gives the log free.

    Raises
    ------
    QuidqualError
        If the study has errors, or another program writes this coder's log.
    """
    folder = getattr(study, "folder", None) if hasattr(study, "codebook") else as_path(study)
    if folder is None:
        raise QuidqualError.of(
            "the study has no folder to log in.",
            remedy="Save it with study.save(folder), and open that folder.",
            field="study",
        )
    held = open_session(folder, coder)
    if held is not None and held.blind is blind:
        session = session_of(held)  # the cell was run again: go on with the log that is open
    else:
        if held is not None:
            held.close()
        session = coding_session(folder, coder=coder, blind=blind)
    if isinstance(suggestions, str):
        if suggestions != "patterns":
            raise QuidqualError.of(
                f"suggestions must be a table or 'patterns', not {suggestions!r}.",
                field="suggestions",
            )
        from quidqual.coding.tag import tag

        suggestions = tag(session.study)
    surface = CodingSurface(session, suggestions=suggestions, compare=compare, language=language)
    return AnnotateWidget(surface, keep_words=keep_words)


class AnnotateWidget(anywidget.AnyWidget):
    """The coding surface; made by `annotate`.

    Its state holds no word of a note and no coding: the log on the disk is the truth, and
    the browser asks for what it shows.
    """

    _esm = _HERE / "annotate.js"
    _css = _HERE / "annotate.css"

    def __init__(self, surface: CodingSurface, *, keep_words: bool = False) -> None:
        super().__init__()
        self.surface, self.keep_words = surface, keep_words
        self._answering = False
        self.on_msg(self._received)
        surface.session.on_change.append(self._changed_elsewhere)

    @property
    def session(self) -> CodingSession:
        """The session, with every verb of `qq.coding_session`."""
        return self.surface.session

    @property
    def study(self) -> Study:
        """The study as it is on the disk at this moment."""
        return self.surface.session.study

    def _received(self, _: Any, message: dict[str, Any], buffers: Any) -> None:
        self._answering = True
        try:
            self.send({"re": message.get("id"), **self.surface.answer(message)})
        finally:
            self._answering = False

    def _changed_elsewhere(self) -> None:
        if not self._answering:
            self.send({"kind": "stale"})

    def close(self) -> None:
        """Close the surface and give the log free."""
        if self._changed_elsewhere in self.session.on_change:
            self.session.on_change.remove(self._changed_elsewhere)
        self.session.close()
        super().close()

    def _ipython_display_(self) -> None:
        """Show the progress, for whoever opens the notebook later without a kernel, and the widget.

        A saved widget reopens as "model not found"; the table beside it does not. The
        browser hides the table while the widget is there.
        """
        from IPython.display import HTML, display

        display(HTML(progress_html(self.session, keep_words=self.keep_words)))
        made = self._repr_mimebundle_()
        data = dict(made[0] if isinstance(made, tuple) else made or {})
        display({**data, "text/plain": repr(self.session)}, raw=True)
