// Relationships of a graph that refgraph did not load, in lists of a given size: the keys of both ends, and properties as text.
// The server holds references to the relationships of a range, and the values of one list. from_other, to_other: labels read before.
// range: the indexed property of a range of start nodes. rest: the same property, for start nodes that no range holds.
// mode: read
// parameters: after ANY, until ANY, size INTEGER, odd STRING
// columns: rows INTEGER, start LIST<STRING>, end LIST<STRING>, text LIST<STRING>
// oldest: 5.0
MATCH (a:`<from>`)-[n:`<type>`]->(b:`<to>`)
WHERE true
AND NOT a:`<from_other>`
AND NOT b:`<to_other>`
AND a.`<range>` > $after AND a.`<range>` <= $until
AND NOT coalesce(a.`<rest>` > '', a.`<rest>` > -1.0 / 0.0, false)
WITH collect(n) AS found
UNWIND range(0, size(found) - 1, $size) AS first
WITH found[first..first + $size] AS page
RETURN size(page) AS rows
, [n IN page | toStringOrNull(startNode(n).`<from_key>`)] AS start
, [n IN page | toStringOrNull(endNode(n).`<to_key>`)] AS end
, [n IN page | coalesce(toStringOrNull(n.`<text>`), CASE WHEN n.`<text>` IS NULL THEN null ELSE $odd END)] AS `<text>`
