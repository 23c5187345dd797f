// Relationships of a graph that refgraph did not load, in random parts: the keys of both ends, and one list per property.
// mode: read
// parameters: parts INTEGER, null_text STRING
// columns: part INTEGER, start LIST<STRING>, end LIST<STRING>, text LIST<STRING>
// oldest: 5.0
MATCH (a:`<label>`)-[n:`<type>`]->(b:`<label>`)
WITH a, n, b, toInteger(rand() * $parts) AS part
RETURN part AS part
, collect(coalesce(toStringOrNull(a.`<key>`), $null_text)) AS start
, collect(coalesce(toStringOrNull(b.`<key>`), $null_text)) AS end
, collect(coalesce(toStringOrNull(n.`<text>`), $null_text)) AS `<text>`
