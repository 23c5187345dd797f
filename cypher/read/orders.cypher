// Orders page after page, by their row in the load, with the customer who placed each; one list a column.
// Properties are taken all at once: the server finds each single one by going through those before it.
// mode: read
// needs: first INTEGER, last INTEGER, blank STRING
// gives: customer LIST<STRING>, text LIST<STRING>, date LIST<STRING>, number LIST<FLOAT>, whole LIST<INTEGER>
// oldest: 5.0
MATCH (n:Order)
WHERE n.refgraph_row >= $first AND n.refgraph_row < $last
MATCH (c:Customer)-[:PLACED]->(n)
WITH c.id AS customer, properties(n) AS p
RETURN collect(customer) AS customer
, collect(coalesce(p.`<text>`, $blank)) AS `<text>`
, collect(coalesce(toString(p.`<date>`), $blank)) AS `<date>`
, collect(coalesce(p.`<number>`, 0.0 / 0.0)) AS `<number>`
, collect(coalesce(p.`<whole>`, -1)) AS `<whole>`
