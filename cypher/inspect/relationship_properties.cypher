// Property names on relationships of a type between nodes of a label, and how many values have no text form.
// mode: read
// parameters:
// columns: key STRING, other INTEGER
// oldest: 5.0
MATCH (:`<label>`)-[n:`<type>`]->(:`<label>`)
UNWIND keys(n) AS key
WITH key, toStringOrNull(n[key]) IS NULL AS other
RETURN key AS key
, sum(CASE WHEN other THEN 1 ELSE 0 END) AS other
ORDER BY key
