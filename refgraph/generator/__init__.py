"""NUMBERS -> DATASET: companies of any size with a planted truth; every name is invented.

`build_company` turns a `Plan` into a company, `build_frames` makes its tables in memory,
`write_files` the files of a folder, `describe_truth` a summary of what was planted. Same plan, same
bytes: every thing drawn has a Philox stream of its own, and no work depends on threads. (The last
digit of an amount can differ between processors and numpy versions whose exp and log round
differently.) All work is in whole columns.

The laws and their sources; a knob is a field of `Plan`:

* **Joining**: the number won by time t grows as t**growth (2: the newcomers of a year grow
  linearly).
* **Leaving**: exponential lifetimes, as in the Pareto/NBD model (Schmittlein, Morrison & Colombo,
  Management Science 33(1), 1987); for the referred the hazard is multiplied by ``retention`` while
  the referrer is a customer and by ``retention_after`` from then on (Van den Bulte, Bayer, Skiera &
  Schmitt, Journal of Marketing Research 55(1), 2018: lower churn only while the referrer stays).
* **Being referred**: the R/n of M1 is met exactly; who is referred follows a logistic model with
  log odds linear in log size.
* **Who refers**: drawn among the customers present on the day of the referral in proportion to a
  gamma activity, so that referrals are negative binomial (Ehrenberg, Applied Statistics 8(1),
  1959); activity 1 for all is the chance baseline of M55. ``chain`` fixes the share of the referred
  whose referrer came by referral: depth is then geometric. Most trees of real referrals are shallow
  (Goel, Anderson, Hofman & Watts, Management Science 62(1), 2016).
* **Value**: yearly revenue log-normal, with elasticity 1 in log size (sizes of firms are
  log-normal, Gibrat 1931), times the sector's factor, times 1 + ``value_gap`` for the referred: 16
  % by default (Schmitt, Skiera & Van den Bulte, Journal of Marketing 75(1), 2011); it may be 0 or
  negative, since later studies found the opposite sign.
* **Orders**: Poisson in number (Ehrenberg 1959), log-normal in amount, spread evenly over the days
  as a customer.
* **Prospects**: as many referred ones are lost as the conversion asks for; their referrers are
  drawn like all others.
* **False key accounts**: of the customers above 100 t a year some have all but one small orders,
  hardly any margin, or costs (rebates, returns, service, 120 days of credit and more) above their
  margin; their revenue follows the laws above.
* **Faults**: missing sources at random, nameless and unknown referrers, cycles, self-referrals,
  bursts, alias farms, honest sharers of a phone; each listed by member in truth.json.
"""

from refgraph.generator.company import Company, build_company
from refgraph.generator.company_files import (
    ASKED_FILES,
    FILE_NAMES,
    TRUTH_FILE,
    build_frames,
    write_files,
)
from refgraph.generator.plan import END, Plan, make_plain_plan
from refgraph.generator.tables import build_ids
from refgraph.generator.truth import describe_truth

__all__ = [
    "END",
    "FILE_NAMES",
    "ASKED_FILES",
    "TRUTH_FILE",
    "Company",
    "Plan",
    "build_company",
    "build_frames",
    "build_ids",
    "describe_truth",
    "make_plain_plan",
    "write_files",
]
