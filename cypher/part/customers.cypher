// Customers of these ids; one list a column, of which no null may drop out.
// Properties are taken all at once: the server finds each single one by going through those before it.
// mode: read
// needs: ids LIST<STRING>, blank STRING
// gives: id LIST<STRING>, text LIST<STRING>, date LIST<STRING>, number LIST<FLOAT>, whole LIST<INTEGER>, flag LIST<BOOLEAN>
// oldest: 5.0
MATCH (n:Customer)
WHERE n.id IN $ids
WITH properties(n) AS p
RETURN collect(p.id) AS id
, collect(coalesce(p.`<text>`, $blank)) AS `<text>`
, collect(coalesce(toString(p.`<date>`), $blank)) AS `<date>`
, collect(coalesce(p.`<number>`, 0.0 / 0.0)) AS `<number>`
, collect(coalesce(p.`<whole>`, -1)) AS `<whole>`
, collect(coalesce(p.`<flag>`, false)) AS `<flag>`
