// Orders of these customers, with the customer who placed each; one list a column.
// Properties are taken all at once: the server finds each single one by going through those before it.
// mode: read
// needs: ids LIST<STRING>, blank STRING
// gives: customer LIST<STRING>, text LIST<STRING>, date LIST<STRING>, number LIST<FLOAT>, whole LIST<INTEGER>
// oldest: 5.0
MATCH (c:Customer)
WHERE c.id IN $ids
MATCH (c)-[:PLACED]->(n:Order)
WITH c.id AS customer, properties(n) AS p
RETURN collect(customer) AS customer
, collect(coalesce(p.`<text>`, $blank)) AS `<text>`
, collect(coalesce(toString(p.`<date>`), $blank)) AS `<date>`
, collect(coalesce(p.`<number>`, 0.0 / 0.0)) AS `<number>`
, collect(coalesce(p.`<whole>`, -1)) AS `<whole>`
