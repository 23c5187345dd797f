// Property names on nodes of a label, and how many of their values are lists or points, which have no text form.
// mode: read
// parameters:
// columns: key STRING, other INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
UNWIND keys(n) AS key
WITH key, toStringOrNull(n[key]) IS NULL AS other
RETURN key AS key
, sum(CASE WHEN other THEN 1 ELSE 0 END) AS other
ORDER BY key
