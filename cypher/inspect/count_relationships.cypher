// How many relationships of a type start at nodes of a label, from the server's own count.
// mode: read
// parameters:
// columns: relationships INTEGER
// oldest: 5.0
MATCH (:`<from>`)-[n:`<type>`]->()
RETURN count(n) AS relationships
