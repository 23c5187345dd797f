// Those of these ids that belong to customers.
// mode: read
// parameters: ids LIST<STRING>
// columns: id LIST<STRING>
// oldest: 5.0
MATCH (n:Customer)
WHERE n.id IN $ids
RETURN collect(n.id) AS id
