// At most one node of a label has a given key; the index behind it makes loading and paging quick.
// mode: schema
// needs:
// gives:
// oldest: 5.0
CREATE CONSTRAINT `<constraint>` IF NOT EXISTS
FOR (n:`<label>`)
REQUIRE n.`<key>` IS UNIQUE
