// Orders of these customers, with the customer who placed each; one list a column.
// mode: read
// needs: ids LIST<STRING>, blank STRING
// gives: customer LIST<STRING>, text LIST<STRING>, date LIST<STRING>, number LIST<FLOAT>, whole LIST<INTEGER>
// oldest: 5.0
MATCH (c:Customer)
WHERE c.id IN $ids
MATCH (c)-[:PLACED]->(n:Order)
RETURN collect(c.id) AS customer
, collect(coalesce(n.`<text>`, $blank)) AS `<text>`
, collect(coalesce(toString(n.`<date>`), $blank)) AS `<date>`
, collect(coalesce(n.`<number>`, 0.0 / 0.0)) AS `<number>`
, collect(coalesce(n.`<whole>`, -1)) AS `<whole>`
