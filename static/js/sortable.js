// Tables whose columns sort: each marked head becomes a button; cells say what they are worth in data-value.
const worth = (row, column, kind) => {
  const value = row.cells[column]?.dataset.value ?? "";
  return kind === "number" ? Number(value || -1) : value;
};

const compare = (one, other, kind) => kind === "number" ? one - other : one.localeCompare(other, document.documentElement.lang);

const sort = (table, head) => {
  const column = head.cellIndex, kind = head.dataset.sort;
  const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
  const body = table.tBodies[0];
  const rows = [...body.rows].sort((a, b) => direction * compare(worth(a, column, kind), worth(b, column, kind), kind));
  body.append(...rows);
};

for (const table of document.querySelectorAll("[data-sortable]")) {
  for (const head of table.querySelectorAll("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(table, head));
  }
}
