"""What a function is given: a study where a study is wanted, said in the user's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from numbers import Integral, Real
from typing import Any, ParamSpec, TypeVar

from quidqual.study.errors import Problem, QuidqualError, did_you_mean, listed
from quidqual.study.wording import joined

P = ParamSpec("P")
R = TypeVar("R")
_MOST_LISTED = 10


def must_be_study(given: Any, *, or_else: str = "") -> None:
    """Refuse anything but a study, such as the path of one.

    Parameters
    ----------
    given : object
    or_else : str
        What would be taken too, for the message.

    Raises
    ------
    QuidqualError
    """
    if not hasattr(given, "codebook"):
        path = isinstance(given, str) or hasattr(given, "__fspath__")
        raise QuidqualError.of(
            f"A study{or_else} is wanted, not {type(given).__name__}.",
            remedy="Open it first: qq.open_study(folder)." if path else "Give what "
            "qq.open_study(folder) or qq.Study.from_tables(...) gives.",
            field="study",
        )  # fmt: skip


def must_be_table(given: Any, *, of: str) -> None:
    """Refuse anything but a DataFrame.

    Parameters
    ----------
    given : object
    of : str
        The function that makes such a table, for the message.

    Raises
    ------
    QuidqualError
    """
    if not (hasattr(given, "columns") and hasattr(given, "iloc")):
        raise QuidqualError.of(
            f"A table is wanted, not {type(given).__name__}.",
            remedy=f"Give what {of} gives.",
            field="table",
        )


def one_of(
    value: Any, allowed: Iterable[Any], *, field: str, file: str = "", row: int | None = None
) -> Any:
    """Give a value back if it is among those allowed, else say which are.

    Parameters
    ----------
    value : object
    allowed : iterable
        At most ten are listed; of more, the nearest to a misspelt name is suggested.
    field : str
        The argument, column or key.
    file, row
        Where it stands, if it was read from a file.

    Raises
    ------
    QuidqualError

    Examples
    --------
    >>> one_of("theme", ("code", "theme"), field="level")
    'theme'
    >>> one_of("Theme", ("code", "theme"), field="level")
    Traceback (most recent call last):
        ...
    quidqual.study.errors.QuidqualError: level must be 'code' or 'theme', not 'Theme'.
    >>> one_of("trsut", [f"code{i}" for i in range(40)] + ["trust"], field="code")
    Traceback (most recent call last):
        ...
    quidqual.study.errors.QuidqualError: code must be one of 41 names, not 'trsut'. Did you mean ...
    """
    known = list(allowed)
    with suppress(TypeError, ValueError):  # an array, say, has no one answer to ==
        if value in known:
            return value
    wanted, near = "", ""
    if not known:
        message = f"{field} cannot be {value!r}: there is nothing to choose from. Leave it out."
    elif len(known) > _MOST_LISTED:
        near = did_you_mean(str(value), known) or f"Some of them: {listed(known)}."
        message = f"{field} must be one of {len(known)} names, not {value!r}."
    else:
        wanted = joined([repr(name) for name in known], last="or")
        message = f"{field} must be {wanted}, not {value!r}."
    raise QuidqualError([Problem(file, row, field if file else "", message, near)])


def names_of(value: Any, *, field: str = "") -> tuple[Any, ...]:
    """Read one name or several.

    Raises
    ------
    QuidqualError
        If it is neither.

    Examples
    --------
    >>> names_of("A"), names_of(["A", "B"])
    (('A',), ('A', 'B'))
    """
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Iterable):
        raise QuidqualError.of(
            f"{field or 'the names'} must be a name or a list of names, not {value!r}.",
            remedy="Put a name in quotation marks.",
        )
    return tuple(value)


def some_of(value: Any, known: Iterable[Any], *, field: str) -> tuple[Any, ...]:
    """Read one name or several, each of them known; a filter that names nothing is a slip.

    Raises
    ------
    QuidqualError
        If a name is not among the known ones, or there is none.

    Examples
    --------
    >>> some_of("hand", ("hand", "rule"), field="source")
    ('hand',)
    >>> some_of(["manual"], ("hand", "rule"), field="source")
    Traceback (most recent call last):
        ...
    quidqual.study.errors.QuidqualError: source must be 'hand' or 'rule', not 'manual'.
    """
    asked, allowed = names_of(value, field=field), list(known)
    if not asked:
        choice = f"Use {'one of ' if len(allowed) > 1 else ''}{listed(allowed)}, or leave it out."
        raise QuidqualError.of(
            f"{field}= names nothing: nothing would be left.",
            remedy=choice if allowed else "Leave it out: there is none.",
            field=field,
        )
    return tuple(one_of(name, allowed, field=field) for name in asked)


def must_be_text(value: Any, *, field: str) -> None:
    """Refuse anything but a text.

    Raises
    ------
    QuidqualError
    """
    if not isinstance(value, str):
        raise QuidqualError.of(
            f"a text is wanted, not {type(value).__name__}.",
            remedy="Give one, in quotation marks.",
            field=field,
        )


def must_have(given: Any, columns: Iterable[str], *, of: str, field: str = "table") -> None:
    """Refuse anything but a DataFrame with all of these columns.

    Parameters
    ----------
    given : object
    columns : iterable of str
        All that is needed.
    of : str
        What gives such a table, for the message.
    field : str
        The argument.

    Raises
    ------
    QuidqualError
    """
    needed = list(columns)
    table = hasattr(given, "columns") and hasattr(given, "iloc")
    missing = [name for name in needed if not table or name not in given.columns]
    if not table or missing:
        raise QuidqualError.of(
            f"the table has no column {listed(missing)}."
            if table
            else f"a table is wanted, not {type(given).__name__}.",
            remedy=f"Give what {of} gives; it needs {listed(needed)}.",
            field=field,
        )


def must_be_number(value: Any, *, field: str, whole: bool = False) -> None:
    """Refuse anything but a number, or a whole one.

    Raises
    ------
    QuidqualError
    """
    kind = Integral if whole else Real
    if isinstance(value, bool) or not isinstance(value, kind) or value != value:
        raise QuidqualError.of(
            f"{field} must be a {'whole ' if whole else ''}number, not {value!r}.",
            remedy="Give one without quotation marks." if isinstance(value, str) else "",
        )


def is_ragged(given: Any) -> bool:
    """Tell whether a list of rows has rows of different lengths (pandas pads them silently).

    Examples
    --------
    >>> is_ragged([[1, 2], [3]]), is_ragged([[1, 2], [3, None]]), is_ragged("ab")
    (True, False, False)
    """
    if not isinstance(given, list | tuple):
        return False
    return len({len(row) if isinstance(row, list | tuple) else 1 for row in given}) > 1


def takes_study(call: Callable[P, R]) -> Callable[P, R]:
    """Check the first argument of a function that takes a study.

    Examples
    --------
    >>> @takes_study
    ... def n_codes(study):
    ...     return len(study.codebook)
    >>> n_codes("my-study")
    Traceback (most recent call last):
        ...
    quidqual.study.errors.QuidqualError: field 'study': A study is wanted, not str. Open it ...
    """

    @wraps(call)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if args or "study" in kwargs:
            must_be_study(args[0] if args else kwargs["study"])
        return call(*args, **kwargs)

    return checked
