// Rows that grow: a new one comes from the template; a removed one is emptied, which is how the form forgets it.
const grow = (rows) => {
  const total = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
  const markup = rows.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
  rows.querySelector("[data-list]").insertAdjacentHTML("beforeend", markup);
  total.value = Number(total.value) + 1;
  const row = rows.querySelector("[data-list]").lastElementChild;
  row.querySelector("[data-remove]").hidden = false;
  row.querySelector("input").focus();
};

const forget = (rows, row) => {
  row.querySelector("input").value = "";
  row.hidden = true;
  rows.querySelector("[data-add]").focus();
};

for (const rows of document.querySelectorAll("[data-rows]")) {
  for (const button of rows.querySelectorAll("[data-add], [data-list] [data-remove]")) button.hidden = false;
  rows.addEventListener("click", (event) => {
    if (event.target.closest("[data-add]")) grow(rows);
    const remove = event.target.closest("[data-remove]");
    if (remove) forget(rows, remove.closest("[data-row]"));
  });
}
