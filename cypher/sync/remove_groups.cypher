// Deletes groups that nothing belongs to any more and that hold nothing but their name.
// mode: write
// parameters:
// columns: removed INTEGER
// oldest: 5.0
MATCH (g:Group)
WHERE NOT (g)--() AND size(keys(g)) = 1
DELETE g
RETURN count(*) AS removed
