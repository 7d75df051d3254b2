// One key per decision on the review page; every button works without it.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (/^(input|select|textarea)$/i.test(event.target.tagName)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (target) {
    event.preventDefault();
    target.click();
  }
});
// A page exchanged in place is read from its beginning, as a new page would be.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "main") event.target.focus();
});
