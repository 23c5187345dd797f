// Of the first relationships of a type, how many lead from the earlier to the later of two dates, and how many back.
// mode: read
// parameters: relationships INTEGER, iso STRING
// columns: forward INTEGER, backward INTEGER
// oldest: 5.0
MATCH (a)-[n:`<type>`]->(b)
WITH a, b LIMIT $relationships
WITH left(toStringOrNull(a.`<key>`), 10) AS first, left(toStringOrNull(b.`<key>`), 10) AS last
WHERE first =~ $iso AND last =~ $iso
RETURN sum(CASE WHEN first < last THEN 1 ELSE 0 END) AS forward
, sum(CASE WHEN first > last THEN 1 ELSE 0 END) AS backward
