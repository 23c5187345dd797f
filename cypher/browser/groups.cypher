// Which groups of companies do customers belong to, and who are they?
// mode: read
// parameters:
// columns: group STRING, customers LIST<STRING>
// oldest: 5.0
MATCH (c:Customer)-[:BELONGS_TO]->(g:Group)
WITH g.name AS name, c.id AS id ORDER BY id
RETURN name AS group
, collect(id) AS customers
ORDER BY group
