"""What a notebook shows for a study, a codebook or a table: a wing draws it when it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quidqual.study.first_use import wing

if TYPE_CHECKING:
    import pandas as pd

FACE = "face"


def faced(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Say which face a frame has in a notebook; the frame stays a plain DataFrame.

    Examples
    --------
    >>> import pandas as pd
    >>> faced(pd.DataFrame({"code": ["trust"]}), "quotes").attrs
    {'face': 'quotes'}
    """
    frame.attrs[FACE] = kind
    return frame


def face_of(shown: Any, **options: Any) -> str | None:
    """Draw the face of a study, a codebook or a frame."""
    face: str | None = wing("faces.frame_face").face_of(shown, **options)
    return face
