"use strict";
// The parties in preorder: every subtree is a slice. Numbers below each party are computed here.
async function readParties() {
  const packed = document.getElementById("data").textContent;
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = JSON.parse(await new Response(stream).text());
  const n = data.parent.length;
  const size = new Int32Array(n).fill(1);
  const depth = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    depth[i] = data.parent[i] < 0 ? 0 : depth[data.parent[i]] + 1;
  }
  const closed = new Int32Array(n);
  const total = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    closed[i] += data.state[i] < 2;
    total[i] += data.value[i];
    const p = data.parent[i];
    if (p >= 0) {
      size[p] += size[i];
      closed[p] += closed[i];
      total[p] += total[i];
    }
  }
  const roots = [];
  for (let i = 0; i < n; i += size[i]) {
    roots.push(i);
  }
  roots.sort((a, b) => size[b] - size[a] || total[b] - total[a] || a - b);
  return { ...data, n, size, depth, closed, total, roots, spelled: new Map() };
}

function listChildren(parties, i) {
  const found = [];
  for (let k = i + 1; k < i + parties.size[i]; k += parties.size[k]) {
    found.push(k);
  }
  return found;
}

function listPath(parties, i) {
  const path = [];
  for (let k = i; k >= 0; k = parties.parent[k]) {
    path.unshift(k);
  }
  return path;
}

function nameOf(parties, i) {
  return parties.name[i] ?? parties.id[i];
}

// Name, id, pinyin and initials in one lower-case text.
function spell(parties, i) {
  let text = parties.spelled.get(i);
  if (text === undefined) {
    const name = nameOf(parties, i);
    const sounds = [...name].map((c) => parties.pinyin[c] ?? "");
    const initials = sounds.map((sound) => sound[0] ?? "").join("");
    text = [name, parties.id[i], sounds.join(""), initials].join("\n").toLowerCase();
    parties.spelled.set(i, text);
  }
  return text;
}

function search(parties, word, limit) {
  const wanted = word.trim().toLowerCase();
  const first = [];
  const later = [];
  if (!wanted) {
    return first;
  }
  for (let i = 0; i < parties.n; i++) {
    const place = spell(parties, i).indexOf(wanted);
    if (place === 0 || (place > 0 && spell(parties, i)[place - 1] === "\n")) {
      first.push(i);
    } else if (place > 0) {
      later.push(i);
    }
  }
  const order = (a, b) => parties.size[b] - parties.size[a] || a - b;
  return [...first.sort(order), ...later.sort(order)].slice(0, limit);
}
