// Referrals of these customers, by whom they were referred; one list a column.
// mode: read
// needs: ids LIST<STRING>, blank STRING
// gives: referrer LIST<STRING>, referred LIST<STRING>, text LIST<STRING>, date LIST<STRING>, number LIST<FLOAT>, whole LIST<INTEGER>
// oldest: 5.0
MATCH (b:Customer)
WHERE b.id IN $ids
MATCH (a:Customer)-[n:REFERRED]->(b)
RETURN collect(a.id) AS referrer
, collect(b.id) AS referred
, collect(coalesce(n.`<text>`, $blank)) AS `<text>`
, collect(coalesce(toString(n.`<date>`), $blank)) AS `<date>`
, collect(coalesce(n.`<number>`, 0.0 / 0.0)) AS `<number>`
, collect(coalesce(n.`<whole>`, -1)) AS `<whole>`
