// Writes a batch of referrals between existing customers; a pair is one relationship.
// mode: write
// parameters: rows INTEGER, values MAP
// columns: written INTEGER
// oldest: 5.0
UNWIND range(0, $rows - 1) AS i
MATCH (a:Customer {id: $values.referrer[i]})
MATCH (b:Customer {id: $values.referred[i]})
MERGE (a)-[n:REFERRED]->(b)
SET n.`<plain>` = $values.`<plain>`[i]
SET n.`<date>` = date($values.`<date>`[i])
RETURN count(n) AS written
