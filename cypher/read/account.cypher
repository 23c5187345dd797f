// Rows of the account of a load between two numbers: files with their ledger, findings or rejects.
// mode: read
// needs: first INTEGER, last INTEGER, blank STRING
// gives: row LIST<INTEGER>, text LIST<STRING>, whole LIST<INTEGER>, list LIST<LIST<STRING>>
// oldest: 5.0
MATCH (n:`<label>`)
WHERE n.refgraph_row >= $first AND n.refgraph_row < $last
RETURN collect(n.refgraph_row) AS row
, collect(coalesce(n.`<text>`, $blank)) AS `<text>`
, collect(coalesce(n.`<whole>`, -1)) AS `<whole>`
, collect(coalesce(n.`<list>`, [])) AS `<list>`
