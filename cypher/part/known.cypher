// Which of these ids customers have.
// mode: read
// needs: ids LIST<STRING>
// gives: id LIST<STRING>
// oldest: 5.0
MATCH (n:Customer)
WHERE n.id IN $ids
RETURN collect(n.id) AS id
