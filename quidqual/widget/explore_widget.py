"""`explore`: choose group, rounds, coder and theme, and see the tables and the words behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget

from quidqual.study.arguments import takes_study
from quidqual.widget.explore_surface import ExploreSurface
from quidqual.widget.static_view import prevalence_html

if TYPE_CHECKING:
    from quidqual.study.model import Study

_HERE = Path(__file__).parent


@takes_study
def explore(study: Study, *, language: str = "en", name: str = "study") -> ExploreWidget:
    """Look at a study by touch: tiles, prevalence, courses, and the passages behind each cell.

    Parameters
    ----------
    study : Study
    language : {"en", "it"}
        Of the interface.
    name : str, default "study"
        What the study is called in the lines of code that the surface shows, to be pasted
        into the next cell.

    Returns
    -------
    ExploreWidget
        Shows itself. ``.code`` holds the lines of the choice shown last.

    Raises
    ------
    QuidqualError
        If no study is given, or the interface does not speak the language.
    """
    return ExploreWidget(ExploreSurface(study, language=language, name=name))


class ExploreWidget(anywidget.AnyWidget):
    """The exploring surface; made by `explore`. Its state holds no word of a note."""

    _esm = _HERE / "explore.js"
    _css = _HERE / "explore.css"

    def __init__(self, surface: ExploreSurface) -> None:
        super().__init__()
        self.surface = surface
        self.code = surface.code_of({})
        self.on_msg(self._received)

    def _received(self, _: Any, message: dict[str, Any], buffers: Any) -> None:
        answer = self.surface.answer(message)
        self.code = answer.get("code", self.code) if answer.get("kind") == "table" else self.code
        self.send({"re": message.get("id"), **answer})

    def _ipython_display_(self) -> None:
        """Show how many of how many, for whoever opens the notebook without a kernel, and this."""
        from IPython.display import HTML, display

        display(HTML(prevalence_html(self.surface.study)))
        made = self._repr_mimebundle_()
        data = dict(made[0] if isinstance(made, tuple) else made or {})
        display({**data, "text/plain": f"<exploring {self.surface.study!r}>"}, raw=True)
