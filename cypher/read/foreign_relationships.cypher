// Relationships of a graph that refgraph did not load, dealt into parts: the keys of both ends, and one list a property.
// mode: read
// needs: parts INTEGER, blank STRING
// gives: part INTEGER, start LIST<STRING>, end LIST<STRING>, text LIST<STRING>
// oldest: 5.0
MATCH (a:`<label>`)-[n:`<type>`]->(b:`<label>`)
WITH a, n, b, toInteger(rand() * $parts) AS part
RETURN part AS part
, collect(coalesce(toStringOrNull(a.`<key>`), $blank)) AS start
, collect(coalesce(toStringOrNull(b.`<key>`), $blank)) AS end
, collect(coalesce(toStringOrNull(n.`<text>`), $blank)) AS `<text>`
