// Rows of the account of a load between two numbers: files with their ledger, findings or rejects.
// Properties are taken all at once: the server finds each single one by going through those before it.
// mode: read
// needs: first INTEGER, last INTEGER, blank STRING
// gives: row LIST<INTEGER>, text LIST<STRING>, whole LIST<INTEGER>, list LIST<LIST<STRING>>
// oldest: 5.0
MATCH (n:`<label>`)
WHERE n.refgraph_row >= $first AND n.refgraph_row < $last
WITH properties(n) AS p
RETURN collect(p.refgraph_row) AS row
, collect(coalesce(p.`<text>`, $blank)) AS `<text>`
, collect(coalesce(p.`<whole>`, -1)) AS `<whole>`
, collect(coalesce(p.`<list>`, [])) AS `<list>`
