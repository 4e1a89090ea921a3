"""Exact tests for few people over rounds, and the least p that a design can reach.

No p-value of quidqual is printed unless it is asked for here. With four people a test may be
unable to reach .05 whatever they say; ask :func:`least_p` before testing anything.

- :func:`measurements`: presence or states as one row a person, one column a round;
- :func:`trend`: do values rise or fall over the rounds, with missed rounds as they are;
- :func:`cochran_q`: is a code as frequent in each round; :func:`mcnemar`: before and after;
- :func:`change_tests`: many codes at once, corrected by :func:`holm`;
- :func:`marginal_homogeneity`: before and after in many states, for large samples only.

Each p is counted over all re-orderings within people; no distribution is assumed.
"""

from __future__ import annotations

from quidqual.exact.cochran import cochran_q
from quidqual.exact.design import least_p, measurements
from quidqual.exact.exact_trend import trend
from quidqual.exact.many_codes import change_tests, holm
from quidqual.exact.marginal import marginal_homogeneity, mcnemar

__all__ = [
    "change_tests",
    "cochran_q",
    "holm",
    "least_p",
    "marginal_homogeneity",
    "mcnemar",
    "measurements",
    "trend",
]
