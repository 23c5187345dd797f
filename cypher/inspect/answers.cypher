// The answers that the load has stored, if any.
// mode: read
// parameters:
// columns: answers STRING
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
RETURN n.answers AS answers
