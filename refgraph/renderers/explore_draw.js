"use strict";
// Cells and dots: what is visible of the icicle or of the tree, on a canvas or as SVG.
const MIN_CELL = 1;
const MIN_TEXT = 13;
const ROW = 18;

function placeIcicle(parties, byValue) {
  const top = new Float64Array(parties.n);
  const height = new Float64Array(parties.n);
  const weight = (i) => (byValue ? Math.max(parties.total[i], 0) : parties.size[i]);
  const isTree = (i) => parties.size[i] > 1;
  const roots = [...parties.roots];
  roots.sort((a, b) => isTree(b) - isTree(a) || weight(b) - weight(a) || a - b);
  const whole = roots.reduce((sum, i) => sum + weight(i), 0) || 1;
  let y = 0;
  for (const root of roots) {
    top[root] = y;
    height[root] = weight(root) / whole;
    y += height[root];
    for (let i = root; i < root + parties.size[root]; i++) {
      let below = top[i];
      for (let k = i + 1; k < i + parties.size[i]; k += parties.size[k]) {
        top[k] = below;
        height[k] = weight(k) / whole;
        below += height[k];
      }
    }
  }
  const trees = roots.filter((i) => parties.size[i] > 1);
  const inTrees = trees.reduce((sum, i) => sum + height[i], 0);
  return { top, height, roots, inTrees };
}

function placeTree(parties, root) {
  const build = (i) => ({ i, children: listChildren(parties, i) });
  const start = root < 0 ? { i: -1, children: parties.roots } : build(root);
  const tree = d3.hierarchy(start, (node) => node.children.map(build));
  d3.tree().nodeSize([ROW, 190])(tree);
  return tree.descendants().filter((node) => node.data.i >= 0);
}

function pickColor(view, i) {
  const { parties, colors } = view;
  if (view.colorBy === "state") {
    return colors.states[parties.state[i]];
  }
  if (view.colorBy === "value") {
    return colors.scale[view.valueClass[i]];
  }
  const group = parties[view.colorBy][i];
  return group < 0 ? colors.none : (colors.groups[group] ?? colors.other);
}

function isDimmed(view, i) {
  const { parties } = view;
  return (
    (view.year < view.lastYear && parties.year[i] > view.year) ||
    (view.sector >= 0 && parties.sector[i] !== view.sector) ||
    (view.region >= 0 && parties.region[i] !== view.region)
  );
}

function inkOn(color) {
  const [r, g, b] = [1, 3, 5].map((k) => Number.parseInt(color.slice(k, k + 2), 16) / 255);
  const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const light = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return light > 0.18 ? "#10161c" : "#ffffff";
}

// Calls cell(i, x, y, width, height) for each cell in sight, and blur(x, y, color, share) for each
// row of pixels that cells of less than a pixel share.
function listCells(view, cell, blur) {
  const { parties, place, transform, width, height, column, shift } = view;
  const whole = height - 2;
  const rows = new Map();
  const crowd = (first, last) => {
    for (let i = first; i < last; i++) {
      const y = Math.floor(transform.y + transform.k * place.top[i] * whole);
      const key = parties.depth[i] * 65536 + Math.max(y, 0);
      const row = rows.get(key) ?? [0, 0, 0, 0, 0];
      const share = transform.k * place.height[i] * whole;
      const color = Number.parseInt(pickColor(view, i).slice(1), 16);
      const seen = isDimmed(view, i) ? 0.15 * share : share;
      row[0] += share;
      row[1] += seen * (color >> 16);
      row[2] += seen * ((color >> 8) & 255);
      row[3] += seen * (color & 255);
      row[4] += seen;
      rows.set(key, row);
    }
  };
  const visit = (i) => {
    const y = transform.y + transform.k * place.top[i] * whole;
    const high = transform.k * place.height[i] * whole;
    const x = parties.depth[i] * column - shift;
    if (y >= height || y + high <= 0 || x >= width) {
      return;
    }
    if (high < MIN_CELL) {
      crowd(i, i + parties.size[i]);
      return;
    }
    if (x + column > 0) {
      cell(i, x, y, column, high);
    }
    for (let k = i + 1; k < i + parties.size[i]; k += parties.size[k]) {
      visit(k);
    }
  };
  place.roots.forEach(visit);
  for (const [key, [, r, g, b, seen]] of rows) {
    const hex = [r, g, b].map((part) => Math.round(part / (seen || 1)).toString(16).padStart(2, "0"));
    const x = Math.floor(key / 65536) * column - shift;
    if (seen > 0 && x < width && x + column > 0) {
      blur(x, key % 65536, `#${hex.join("")}`, Math.min(1, seen));
    }
  }
}

function listDots(view, dot, edge) {
  const { transform, width, height } = view;
  const spot = (node) => [
    transform.applyX(node.y + 12),
    transform.applyY(node.x),
  ];
  for (const node of view.nodes) {
    const [x, y] = spot(node);
    if (node.parent && node.parent.data.i >= 0) {
      const [px, py] = spot(node.parent);
      if (Math.max(y, py) > 0 && Math.min(y, py) < height && x > 0 && px < width) {
        edge(node.data.i, px, py, x, y);
      }
    }
  }
  for (const node of view.nodes) {
    const [x, y] = spot(node);
    if (y > -ROW && y < height + ROW && x > -200 && x < width) {
      dot(node.data.i, x, y, Math.min(6, Math.max(0.8, 5 * transform.k)));
    }
  }
}

function fitText(text, room, size) {
  const wide = (c) => (c > "\u2e7f" ? size : 0.56 * size);
  let used = 0;
  let kept = "";
  for (const c of text) {
    used += wide(c);
    if (used > room - size) {
      return kept.length > 1 ? `${kept}…` : "";
    }
    kept += c;
  }
  return kept;
}

// One drawing for both: brush has rect, circle, line and text.
function drawView(view, brush) {
  const { parties, colors } = view;
  const fade = (i) => (isDimmed(view, i) ? 0.15 : 1);
  if (view.mode === "icicle") {
    const cell = (i, x, y, wide, high) => {
      const color = pickColor(view, i);
      brush.rect(x, y, wide - 1, high > 3 ? high - 1 : high, color, fade(i));
      if (i === view.selected) {
        brush.outline(x, y, wide - 1, high, colors.ink);
      }
      if (high >= MIN_TEXT) {
        const size = Math.min(13, high - 2);
        const middle = Math.min(Math.max(y + high / 2, 8), Math.max(view.height - 8, 8));
        const shown = Math.min(Math.max(middle, y + size / 2), y + high - size / 2);
        const words = fitText(nameOf(parties, i), wide - 8, size);
        brush.text(x + 4, shown + size * 0.36, words, size, inkOn(color), fade(i));
      }
    };
    const blur = (x, y, color, share) => brush.rect(x, y, view.column - 1, 1, color, share);
    listCells(view, cell, blur);
    return;
  }
  listDots(
    view,
    (i, x, y, r) => {
      brush.circle(x, y, i === view.selected ? r + 2 : r, pickColor(view, i), fade(i));
      if (view.transform.k * ROW >= MIN_TEXT) {
        const words = fitText(nameOf(parties, i), 170 * view.transform.k, 12);
        brush.text(x + r + 4, y + 4, words, 12, colors.ink, fade(i), colors.paper);
      }
    },
    (i, px, py, x, y) => brush.line(px, py, x, y, colors.edge, fade(i)),
  );
}

function makeCanvasBrush(context, family) {
  const setAlpha = (alpha) => {
    context.globalAlpha = alpha;
  };
  return {
    rect(x, y, w, h, color, alpha) {
      setAlpha(alpha);
      context.fillStyle = color;
      context.fillRect(x, y, w, h);
    },
    outline(x, y, w, h, color) {
      setAlpha(1);
      context.strokeStyle = color;
      context.lineWidth = 3;
      context.strokeRect(x + 1, y + 1, w - 2, h - 2);
    },
    circle(x, y, r, color, alpha) {
      setAlpha(alpha);
      context.fillStyle = color;
      context.beginPath();
      context.arc(x, y, r, 0, 2 * Math.PI);
      context.fill();
    },
    line(px, py, x, y, color, alpha) {
      setAlpha(alpha);
      context.strokeStyle = color;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(px, py);
      context.bezierCurveTo((px + x) / 2, py, (px + x) / 2, y, x, y);
      context.stroke();
    },
    text(x, y, words, size, color, alpha, halo) {
      setAlpha(alpha);
      context.font = `${size}px ${family}`;
      if (halo) {
        context.strokeStyle = halo;
        context.lineWidth = 4;
        context.lineJoin = "round";
        context.strokeText(words, x, y);
      }
      context.fillStyle = color;
      context.fillText(words, x, y);
    },
  };
}

function makeSvgBrush(parts) {
  const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
  const escape = (text) =>
    text.replace(forbidden, "").replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const number = (value) => Math.round(value * 100) / 100;
  return {
    rect(x, y, w, h, color, alpha) {
      const box = `x="${number(x)}" y="${number(y)}" width="${number(w)}" height="${number(h)}"`;
      parts.push(`<rect ${box} fill="${color}" opacity="${alpha}"/>`);
    },
    outline(x, y, w, h, color) {
      const box = `x="${number(x)}" y="${number(y)}" width="${number(w)}" height="${number(h)}"`;
      parts.push(`<rect ${box} fill="none" stroke="${color}" stroke-width="3"/>`);
    },
    circle(x, y, r, color, alpha) {
      const at = `cx="${number(x)}" cy="${number(y)}" r="${number(r)}"`;
      parts.push(`<circle ${at} fill="${color}" opacity="${alpha}"/>`);
    },
    line(px, py, x, y, color, alpha) {
      const middle = number((px + x) / 2);
      const curve = `M${number(px)} ${number(py)}C${middle} ${number(py)} ${middle} ${number(y)}`;
      parts.push(
        `<path d="${curve} ${number(x)} ${number(y)}" fill="none" stroke="${color}" opacity="${alpha}"/>`,
      );
    },
    text(x, y, words, size, color, alpha, halo) {
      const around = halo ? ` stroke="${halo}" stroke-width="4" paint-order="stroke"` : "";
      const at = `x="${number(x)}" y="${number(y)}" font-size="${number(size)}"`;
      parts.push(`<text ${at} fill="${color}"${around} opacity="${alpha}">${escape(words)}</text>`);
    },
  };
}
