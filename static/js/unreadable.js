// A number that the browser cannot read would arrive as nothing at all: it is said, and nothing is to be sent.
export function saysUnreadable(form) {
  const unreadable = [...form.elements].find((field) => field.validity?.badInput);
  if (!unreadable) return false;
  unreadable.closest("details")?.setAttribute("open", "");
  unreadable.reportValidity();
  return true;
}
