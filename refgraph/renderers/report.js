"use strict";
// Tables: sort by a click on a heading, filter by a word. Without this script they read as they are.
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
})();
