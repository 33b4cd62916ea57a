// A long form as it was last sent, kept by the tab until it has arrived: a session that ended meanwhile loses nothing.
const KEY = "patina-draft";
// What a page begins from stands in its query, exceptions of single shots too, which no field of the form holds.
const page = () => location.pathname + location.search;

export function keep(form) {
  const entries = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  sessionStorage.setItem(KEY, JSON.stringify({ page: page(), entries }));
}

export function forget() {
  sessionStorage.removeItem(KEY);
}

export function kept() {
  const draft = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  return draft?.page === page() ? new Map(draft.entries) : undefined;
}

export function fill(form, entries) {
  for (const field of form.elements) {
    if (!field.name || field.name === "csrfmiddlewaretoken") continue;
    if (field.type === "checkbox") field.checked = entries.has(field.name);
    else field.value = entries.get(field.name) ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}
