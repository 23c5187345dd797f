"use strict";
// Tables: sort by a click on a heading, filter by a word. Figures: a click shows their rows.
// Without this script they read as they are.
(() => {
  const unknown = "–";
  const text = (row, column) => row.cells[column].textContent.trim();

  function compare(one, other, isNumber, lang) {
    if (one === unknown || other === unknown) {
      return (one === unknown) - (other === unknown);
    }
    if (isNumber) {
      const numbers = [one, other].map((word) => Number.parseFloat(word.replaceAll(",", "")));
      return numbers[0] - numbers[1];
    }
    return one.localeCompare(other, lang);
  }

  function sort(table, column, isDescending) {
    const heading = table.tHead.rows[0].cells[column];
    const isNumber = heading.classList.contains("number");
    const body = table.tBodies[0];
    const lang = table.closest("[lang]").lang;
    const rows = [...body.rows].map((row, place) => [row, text(row, column), place]);
    rows.sort((a, b) => {
      const isBlank = a[1] === unknown || b[1] === unknown;
      const order = compare(a[1], b[1], isNumber, lang);
      return (isDescending && !isBlank ? -order : order) || a[2] - b[2];
    });
    for (const other of table.tHead.rows[0].cells) {
      other.removeAttribute("aria-sort");
    }
    heading.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
    body.append(...rows.map((row) => row[0]));
  }

  function makeSortable(table) {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...heading.childNodes);
      button.addEventListener("click", () => {
        const isNumber = heading.classList.contains("number");
        const before = heading.getAttribute("aria-sort");
        sort(table, column, before ? before === "ascending" : isNumber);
      });
      heading.append(button);
    });
  }

  function makeFilter(table, box) {
    const label = document.createElement("label");
    label.className = "filter";
    label.textContent = box.dataset.filter + " ";
    const input = document.createElement("input");
    input.type = "search";
    label.append(input);
    const count = document.createElement("output");
    label.append(count);
    input.addEventListener("input", () => {
      const word = input.value.trim().toLowerCase();
      let found = 0;
      table.classList.toggle("filtered", word !== "");
      for (const row of table.tBodies[0].rows) {
        row.hidden = word !== "" && !row.textContent.toLowerCase().includes(word);
        found += !row.hidden;
      }
      count.textContent = word ? ` ${found} / ${table.tBodies[0].rows.length}` : "";
    });
    box.before(label);
  }

  const heights = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      target.parentElement.style.setProperty("--contents", `${target.offsetHeight}px`);
    }
  });
  for (const contents of document.querySelectorAll(".contents")) {
    heights.observe(contents);
  }
  for (const box of document.querySelectorAll(".box")) {
    const table = box.querySelector("table");
    if (!table?.tHead) {
      continue;
    }
    makeSortable(table);
    if (table.tBodies[0].rows.length > 5) {
      makeFilter(table, box);
    }
  }

  const packed = document.getElementById("figures");
  let unpacked = null;

  async function unpack() {
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(await new Response(stream).text());
  }

  const showNumber = (x) => x.toLocaleString("en-US", { maximumFractionDigits: 4 });
  const showDay = (x) => new Date(x * 864e5).toISOString().slice(0, 10);

  // The rows of a figure, each a list of words in the order of the headings.
  function listRows(data, number, say) {
    const { entries, words, lists, parts, dates } = data;
    const word = (name, k) => words[entries[name][k]] ?? "";
    const rows = [];
    for (const [role, place, weight] of parts[number]) {
      let k = 0;
      lists[place].forEach((step, n) => {
        k += step;
        const amount = entries.amount[k];
        const day = dates[number] ? amount : entries.date[k];
        rows.push([
          say.tables[entries.table[k]],
          word("file", k),
          entries.line[k] === null ? "" : String(entries.line[k]),
          word("party", k),
          word("name", k),
          word("referrer", k),
          day === null ? "" : showDay(day),
          say.roles[role],
          showNumber(typeof weight === "number" ? weight : weight[n]),
          amount === null || dates[number] ? "" : showNumber(amount),
        ]);
      });
    }
    return rows;
  }

  function addLine(box, words) {
    const line = document.createElement("p");
    line.textContent = words;
    box.append(line);
  }

  // A table of the columns that differ or say where a row is.
  function addTable(box, headings, rows) {
    const kept = headings.map((_, c) => c).filter((c) => {
      const isWhere = c > 0 && c < 5;
      return isWhere || new Set(rows.map((row) => row[c])).size > 1;
    });
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const c of kept) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = headings[c];
      head.append(cell);
    }
    const body = table.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      for (const c of kept) {
        line.insertCell().textContent = row[c];
      }
    }
    box.append(table);
  }

  async function openFigure(button) {
    const number = Number(button.parentElement.dataset.open);
    const page = button.closest("main");
    unpacked ??= unpack();
    const data = await unpacked;
    const say = data.say[page.id];
    const command = say.command.replace("{command}", data.commands[number]);
    const box = document.createElement("div");
    box.popover = "auto";
    box.className = "rows";
    if (number < data.sentences.length) {
      addLine(box, data.sentences[number][Object.keys(data.say).indexOf(page.id)]);
      const rows = listRows(data, number, say);
      if (rows.length) {
        addTable(box, say.headings, rows);
      }
      if (data.rest[number]) {
        addLine(box, say.rest.replace("{rows}", showNumber(data.rest[number])));
      }
    }
    addLine(box, command);
    box.addEventListener("toggle", (event) => {
      if (event.newState === "closed") {
        box.remove();
        button.focus();
      }
    });
    page.append(box);
    box.showPopover();
  }

  if (packed && "DecompressionStream" in window && "popover" in HTMLElement.prototype) {
    for (const cell of document.querySelectorAll("[data-open]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "open";
      button.append(...cell.childNodes);
      cell.append(button);
    }
    document.addEventListener("click", (event) => {
      const button = event.target.closest(".open");
      if (button) {
        openFigure(button);
      }
    });
  }
})();
