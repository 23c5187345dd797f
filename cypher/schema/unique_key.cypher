// At most one node of a label has a given key; the index behind the constraint makes loading and paging fast.
// mode: schema
// parameters:
// columns:
// oldest: 5.0
CREATE CONSTRAINT `<constraint>` IF NOT EXISTS
FOR (n:`<label>`)
REQUIRE n.`<key>` IS UNIQUE
