// How many affiliations have no row number, because somebody else has added them.
// mode: read
// parameters:
// columns: affiliations INTEGER
// oldest: 5.0
MATCH (:Customer)-[n:BELONGS_TO]->(:Group)
WHERE n.refgraph_row IS NULL
RETURN count(n) AS affiliations
