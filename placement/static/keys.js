/* A list that is worked by keyboard: <ul data-keys> of .row-item, each with a link data-row.

   j and k go down and up, Enter opens (a link does that itself), f unfolds the quick follow-up,
   t presses the row's last one-touch act. Nothing happens while somebody types. */
(function () {
  "use strict";

  function links() {
    return Array.from(document.querySelectorAll("[data-keys] .row-item:not(.leaving) [data-row]"));
  }

  function step(way) {
    var all = links();
    var row = document.activeElement.closest(".row-item");
    var here = row ? all.indexOf(row.querySelector("[data-row]")) : -1;
    var next = all[Math.min(Math.max(here + way, 0), all.length - 1)];
    if (next) next.focus();
  }

  function unfold(row) {
    var box = row.querySelector("details[id^=quick-]");
    if (box) box.open = !box.open;
  }

  function tomorrow(row) {
    var form = row.querySelector(".row-line form[data-remove]");
    if (form) form.requestSubmit();
  }

  document.addEventListener("keydown", function (event) {
    if (event.target.matches("input, textarea, select, [contenteditable]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") return step(1);
    if (event.key === "k") return step(-1);
    var row = event.target.closest(".row-item");
    if (!row) return;
    if (event.key === "f") {
      event.preventDefault();
      unfold(row);
    }
    if (event.key === "t") tomorrow(row);
  });
})();
