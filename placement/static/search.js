/* Proposals under the search box while somebody types, worked by keyboard, finger and ear.

   The box is <input data-search data-suggest="url">, beside it a listbox #search-found and a
   line role=status. Arrows choose, Enter opens what is chosen (or searches for all), Escape
   closes. Without script the form searches. On a phone the sign in the top bar opens the box. */
(function () {
  "use strict";

  var WAIT = 120;
  var input = document.querySelector("[data-search][data-suggest]");
  if (!input) return;
  var form = input.form;
  var bar = form.closest(".topbar");
  var said = form.querySelector("[role=status]");
  var timer = 0;
  var asked = 0;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "search-found");
  input.setAttribute("aria-expanded", "false");

  function box() {
    return document.getElementById("search-found");
  }

  function options() {
    return Array.from(box().querySelectorAll("[role=option]"));
  }

  function chosen() {
    return box().querySelector('[aria-selected="true"]');
  }

  function choose(option) {
    options().forEach(function (other) {
      other.setAttribute("aria-selected", String(other === option));
    });
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    asked += 1;
    window.clearTimeout(timer);
    choose(null);
    box().hidden = true;
    input.setAttribute("aria-expanded", "false");
  }

  function show(text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var found = page.getElementById("search-found");
    if (!found) return close();
    box().replaceWith(found);
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
    said.textContent = found.dataset.said;
  }

  /* Of answers that overtake each other the last question's counts. */
  function ask() {
    var mine = (asked += 1);
    var url = input.dataset.suggest + "?q=" + encodeURIComponent(input.value.trim());
    fetch(url, { credentials: "same-origin", headers: { "X-Fragment": "search-found" } })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(function (text) {
        if (mine === asked) show(text);
      })
      .catch(function () {
        if (mine === asked) close();
      });
  }

  function enough(text) {
    if (/^[0-9Xx\s-]*$/.test(text)) return text.length >= 4;
    return text.length >= (/^[\x00-\x7f]*$/.test(text) ? 2 : 1);
  }

  function later() {
    window.clearTimeout(timer);
    if (!enough(input.value.trim())) return close();
    timer = window.setTimeout(ask, WAIT);
  }

  input.addEventListener("input", function (event) {
    if (!event.isComposing) later();
  });
  input.addEventListener("compositionend", later);

  input.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    var all = options();
    var here = all.indexOf(chosen());
    if (event.key === "Escape") {
      if (!box().hidden) event.preventDefault();
      close();
      fold();
    } else if (box().hidden || !all.length) {
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      var way = event.key === "ArrowDown" ? 1 : -1;
      var next = here < 0 && way < 0 ? all.length - 1 : here + way;
      choose(all[next] || null);
    } else if (event.key === "Enter" && here >= 0) {
      event.preventDefault();
      window.location.assign(all[here].href);
    }
  });

  document.addEventListener("focusin", function (event) {
    if (form.contains(event.target)) return;
    close();
    fold();
  });
  document.addEventListener("click", function (event) {
    if (form.contains(event.target) || event.target.closest(".find")) return;
    close();
    fold();
  });

  function fold() {
    bar.classList.remove("searching");
  }

  bar.addEventListener("click", function (event) {
    if (!event.target.closest(".find")) return;
    event.preventDefault();
    bar.classList.add("searching");
    input.focus();
  });
})();
