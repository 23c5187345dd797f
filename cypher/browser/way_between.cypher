// By which referrals does a customer lead back to the one at the top of its tree?
// mode: read
// parameters:
// columns: way LIST<STRING>
// oldest: 5.0
MATCH path = (top:Customer)-[:REFERRED*1..20]->(:Customer {id: 'C013'})
WHERE NOT EXISTS { (:Customer)-[:REFERRED]->(top) }
RETURN [party IN nodes(path) | party.id] AS way
ORDER BY size(way), way LIMIT 10
