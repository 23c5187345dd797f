// Names of all properties of some customers.
// mode: read
// parameters: ids LIST<STRING>
// columns: name STRING
// oldest: 5.0
UNWIND $ids AS id
MATCH (n:Customer {id: id})
UNWIND keys(n) AS name
RETURN DISTINCT name AS name
