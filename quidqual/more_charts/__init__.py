"""Wing: charts that the report of the example does not need; all are called as ``qq.plot.name``.

Each module is named as its chart and draws with what `quidqual.plots` gives: a tidy table in, a
figure out. A chart of your own needs no place here: see `qq.plot.chart`.
"""

__all__: list[str] = []
