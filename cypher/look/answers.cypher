// The answers that the load has kept, if any.
// mode: read
// needs:
// gives: answers STRING
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
RETURN n.answers AS answers
