// Deletes affiliations by their row numbers.
// mode: write
// parameters: numbers LIST<INTEGER>
// columns: removed INTEGER
// oldest: 5.0
MATCH (:Customer)-[n:BELONGS_TO]->(:Group)
WHERE n.refgraph_row IN $numbers
DELETE n
RETURN count(*) AS removed
