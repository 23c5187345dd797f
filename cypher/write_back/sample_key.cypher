// One value of the property that identifies the nodes of a label.
// mode: read
// parameters:
// columns: key ANY
// oldest: 5.0
MATCH (n:`<label>`)
WHERE n.`<key>` IS NOT NULL
RETURN n.`<key>` AS key
LIMIT 1
