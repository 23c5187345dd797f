// How many relationships of a type there are between any nodes, from the server's own count.
// mode: read
// parameters:
// columns: relationships INTEGER
// oldest: 5.0
MATCH ()-[n:`<type>`]->()
RETURN count(n) AS relationships
