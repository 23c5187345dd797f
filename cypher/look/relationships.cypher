// How many relationships there are of a type, from the server's own count.
// mode: read
// needs:
// gives: relationships INTEGER
// oldest: 5.0
MATCH ()-[n:`<type>`]->()
RETURN count(n) AS relationships
