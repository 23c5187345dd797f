// Property names that relationships of a type between nodes of a label have, and how many values are no text.
// mode: read
// needs:
// gives: key STRING, other INTEGER
// oldest: 5.0
MATCH (:`<label>`)-[n:`<type>`]->(:`<label>`)
UNWIND keys(n) AS key
WITH key, toStringOrNull(n[key]) IS NULL AS other
RETURN key AS key
, sum(CASE WHEN other THEN 1 ELSE 0 END) AS other
ORDER BY key
