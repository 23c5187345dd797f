// Names of properties on the first relationships of a type.
// mode: read
// parameters: relationships INTEGER
// columns: key STRING
// oldest: 5.0
MATCH ()-[n:`<type>`]->()
WITH n LIMIT $relationships
UNWIND keys(n) AS key
RETURN DISTINCT key AS key
