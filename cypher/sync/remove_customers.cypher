// Deletes customers by their ids; fails if relationships are attached to one of them.
// mode: write
// parameters: ids LIST<STRING>
// columns: removed INTEGER
// oldest: 5.0
UNWIND $ids AS id
MATCH (n:Customer {id: id})
DELETE n
RETURN count(*) AS removed
