// Customers of these ids; one list a column, of which no null may drop out.
// mode: read
// needs: ids LIST<STRING>, blank STRING
// gives: id LIST<STRING>, text LIST<STRING>, date LIST<STRING>, number LIST<FLOAT>, whole LIST<INTEGER>, flag LIST<BOOLEAN>
// oldest: 5.0
MATCH (n:Customer)
WHERE n.id IN $ids
RETURN collect(n.id) AS id
, collect(coalesce(n.`<text>`, $blank)) AS `<text>`
, collect(coalesce(toString(n.`<date>`), $blank)) AS `<date>`
, collect(coalesce(n.`<number>`, 0.0 / 0.0)) AS `<number>`
, collect(coalesce(n.`<whole>`, -1)) AS `<whole>`
, collect(coalesce(n.`<flag>`, false)) AS `<flag>`
