// Nodes that are orders, with the key of the customer at the other end, in whichever direction the relationship leads.
// other: labels of customers read before this one. range, rest: as in external_relationships, of the customers.
// mode: read
// parameters: after ANY, until ANY, size INTEGER, odd STRING
// columns: rows INTEGER, customer LIST<STRING>, text LIST<STRING>
// oldest: 5.0
MATCH (c:`<label>`)-[:`<type>`]-(o:`<orders>`)
WHERE true
AND NOT c:`<other>`
AND c.`<range>` > $after AND c.`<range>` <= $until
AND NOT coalesce(c.`<rest>` > '', c.`<rest>` > -1.0 / 0.0, false)
WITH collect(c) AS customers, collect(o) AS found
UNWIND range(0, size(found) - 1, $size) AS first
WITH customers[first..first + $size] AS owners, found[first..first + $size] AS page
RETURN size(page) AS rows
, [c IN owners | toStringOrNull(c.`<key>`)] AS customer
, [n IN page | coalesce(toStringOrNull(n.`<text>`), CASE WHEN n.`<text>` IS NULL THEN null ELSE $odd END)] AS `<text>`
