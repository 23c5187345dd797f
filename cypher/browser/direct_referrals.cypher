// Who referred the most customers directly?
// mode: read
// parameters:
// columns: id STRING, name STRING, referrals INTEGER
// oldest: 5.0
MATCH (a:Customer)-[:REFERRED]->(b:Customer)
RETURN a.id AS id
, a.name AS name
, count(b) AS referrals
ORDER BY referrals DESC, id LIMIT 10
