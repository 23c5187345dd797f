// All affiliations of the customers between two ids; one list a column.
// mode: read
// needs: after STRING, until STRING, blank STRING
// gives: customer LIST<STRING>, group LIST<STRING>, text LIST<STRING>, date LIST<STRING>, number LIST<FLOAT>, whole LIST<INTEGER>
// oldest: 5.0
MATCH (c:Customer)
WHERE c.id > $after AND c.id <= $until
MATCH (c)-[n:BELONGS_TO]->(g:Group)
RETURN collect(c.id) AS customer
, collect(g.name) AS group
, collect(coalesce(n.`<text>`, $blank)) AS `<text>`
, collect(coalesce(toString(n.`<date>`), $blank)) AS `<date>`
, collect(coalesce(n.`<number>`, 0.0 / 0.0)) AS `<number>`
, collect(coalesce(n.`<whole>`, -1)) AS `<whole>`
