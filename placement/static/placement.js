/* Pages that change in place. Everything here betters a page that works without it.

   data-swap="id"      a link or form: the answer's element of that id takes the place of ours
   data-push           … and the address goes into the history (lists, filters, tabs, paging)
   data-remove="id"    a form: that row leaves when the act is done; the rows that move up are taken
                       from the answer's list of the same id, the last one takes the whole data-list
   data-list           the part with a list whose rows leave, the words for an empty one in it
   data-follow         an element with an id that any answer brings up to date: counts, paging
   data-poll="url" data-every="2"   an element that is asked for again until it comes without data-poll
   data-load="url"     a <details>: filled on first opening, by the answer's element <id>-slot
   data-automatic      a form: choosing applies at once
   data-live="id"      a form: while it changes it is asked, with act=count, for that part of its answer
   data-check-all="name"            a box that ticks all boxes of that name, within its data-group if it has one
   data-popover        a <details> that closes by Escape or a click elsewhere
   data-print          a button that prints the page
   The answer may be a whole page or a piece of one: `X-Fragment: <id>` says what is wanted. */
(function () {
  "use strict";

  var root = document.documentElement;
  var parser = new DOMParser();

  var shown = address();
  var heldAt = 0;

  root.classList.add("script");

  function address() {
    return window.location.pathname + window.location.search;
  }

  function token() {
    var meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.content : "";
  }

  /* Ask the server. Gives {page, url, ok}; a piece and a whole page are parsed alike. */
  function ask(url, options, wanted) {
    options.headers = { "X-Fragment": wanted || "", "X-CSRFToken": token() };
    options.credentials = "same-origin";
    root.setAttribute("data-loading", "");
    return fetch(url, options)
      .then(function (answer) {
        return answer.text().then(function (text) {
          return {
            page: parser.parseFromString(text, "text/html"),
            url: answer.url,
            ok: answer.ok,
            status: answer.status,
          };
        });
      })
      .finally(function () {
        root.removeAttribute("data-loading");
      });
  }

  function tell(text) {
    var place = document.getElementById("flashes");
    if (!place) return;
    var box = document.createElement("div");
    box.className = "flash late";
    var words = document.createElement("p");
    words.textContent = text;
    box.appendChild(words);
    place.replaceChildren(box);
    hold(place);
  }

  /* News of what was done in place stays in sight until one reads on, and moves nothing. */
  function hold(place) {
    place.classList.add("held");
    heldAt = window.scrollY;
  }

  window.addEventListener(
    "scroll",
    function () {
      if (Math.abs(window.scrollY - heldAt) < 200) return;
      document.querySelectorAll(".flashes.held").forEach(function (place) {
        place.classList.remove("held");
      });
    },
    { passive: true }
  );

  /* Messages and counts of the answer are taken over wherever it shows. */
  function takeFrame(page) {
    var flashes = page.getElementById("flashes");
    var mine = document.getElementById("flashes");
    if (flashes && mine && flashes.children.length) {
      mine.replaceChildren.apply(mine, Array.from(flashes.children));
      hold(mine);
    }
    var meta = page.querySelector('meta[name="csrf-token"]');
    if (meta) document.querySelector('meta[name="csrf-token"]').content = meta.content;
    document.querySelectorAll(".places a").forEach(function (link) {
      var theirs = page.querySelector('.places a[href="' + link.getAttribute("href") + '"]');
      if (theirs) link.replaceChildren.apply(link, Array.from(theirs.childNodes));
    });
    document.querySelectorAll("[data-follow]").forEach(function (mine) {
      var theirs = page.getElementById(mine.id);
      if (theirs) mine.replaceWith(theirs);
    });
  }

  /* Put the answer's element in the place of ours; true if there was one. */
  function swap(id, answer) {
    var mine = document.getElementById(id);
    var theirs = answer.page.getElementById(id);
    if (!mine || !theirs) return false;
    mine.replaceWith(theirs);
    takeFrame(answer.page);
    ready(theirs);
    return true;
  }

  function focusOn(element) {
    if (!element) return;
    var target = element.querySelector("[data-focus]") || element.querySelector("h1, h2, h3") || element;
    if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: !target.matches("[data-focus]") });
  }

  /* A row leaves; one that the answer still lists stays as it says there, and so does one whose list
     the answer does not show. */
  function leave(id, answer) {
    var row = document.getElementById(id);
    var whole = row && row.closest("[data-list]");
    var shows = !whole || answer.page.getElementById(whole.id);
    var still = answer.page.getElementById(id);
    takeFrame(answer.page);
    if (!row || !shows) return;
    if (still) {
      row.replaceWith(still);
      ready(still);
      return focusNear(still);
    }
    var next = row.nextElementSibling || row.previousElementSibling;
    row.classList.add("leaving");
    window.setTimeout(function () {
      var list = row.parentElement;
      row.remove();
      if (!moveUp(list, answer.page) && !next && whole) swap(whole.id, answer);
      focusNear(next);
    }, 260);
  }

  /* The rows that the answer lists beyond ours come to the end; true if there were any. */
  function moveUp(list, page) {
    var theirs = list && list.id && page.getElementById(list.id);
    var fresh = theirs
      ? Array.from(theirs.children).filter(function (row) {
          return !document.getElementById(row.id);
        })
      : [];
    fresh.forEach(function (row) {
      list.appendChild(row);
      ready(row);
    });
    return fresh.length > 0;
  }

  function focusNear(row) {
    var link = row && row.isConnected && row.querySelector("a, button");
    (link || document.getElementById("main")).focus({ preventScroll: true });
  }

  /* The session has ended and the answer is the door: nothing was done, drafts stay. */
  function signedOut(answer) {
    return new URL(answer.url).pathname === "/sign-in" && address().indexOf("/sign-in") !== 0;
  }

  /* What an answer leads to: the row leaves, the part changes, or the browser goes there. */
  function settle(source, answer, pushed) {
    var removed = source.getAttribute("data-remove");
    var id = source.getAttribute("data-swap");
    if (signedOut(answer)) return window.location.assign(answer.url);
    // What was undone no longer offers its undoing.
    if (answer.ok && source.closest(".flash")) source.closest(".flash").remove();
    if (answer.ok && removed) return leave(removed, answer);
    if (id && swap(id, answer)) {
      if (pushed) {
        history.pushState(null, "", pushed);
        shown = address();
      }
      if (answer.page.title) document.title = answer.page.title;
      // Who is still choosing stays where they choose.
      return source.hasAttribute("data-automatic") ? undefined : focusOn(document.getElementById(id));
    }
    if (answer.ok) return window.location.assign(answer.url);
    takeFrame(answer.page);
    if (!answer.page.querySelector("#flashes .flash")) tell(document.body.dataset.failed);
  }

  function failed() {
    tell(document.body.dataset.offline);
  }

  /* ---- links and forms ---- */

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-swap]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask(link.href, {}, link.dataset.swap)
      .then(function (answer) {
        settle(link, answer, link.hasAttribute("data-push") ? link.href : "");
      })
      .catch(failed);
  });

  function release(form) {
    delete form.dataset.busy;
    form.querySelectorAll('[aria-disabled="true"]').forEach(function (button) {
      button.removeAttribute("aria-disabled");
    });
  }

  /* A form is sent once: a second click while it is under way does nothing. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.busy) return event.preventDefault();
    form.dataset.busy = "1";
    form.querySelectorAll("button[type=submit]").forEach(function (button) {
      button.setAttribute("aria-disabled", "true");
    });
    if (form.dataset.swap || form.dataset.remove) {
      event.preventDefault();
      send(form, event.submitter);
    }
  });

  function send(form, button) {
    var data = new FormData(form);
    if (button && button.name) data.append(button.name, button.value);
    // As written, since a field may be called 'method' or 'action' and hide the form's own.
    var url = new URL(form.getAttribute("action") || "", window.location.href).href;
    var options = { method: "POST", body: data };
    if ((form.getAttribute("method") || "get").toLowerCase() !== "post") {
      url = url.split("?")[0] + "?" + filled(data);
      options = {};
    }
    ask(url, options, form.dataset.swap)
      .then(function (answer) {
        if (answer.ok && !signedOut(answer)) form.dispatchEvent(new CustomEvent("placement:done", { bubbles: true }));
        settle(form, answer, form.hasAttribute("data-push") ? url : "");
      })
      .catch(failed)
      .finally(function () {
        release(form);
      });
  }

  /* The query of a form without its empty fields, so that addresses stay short. */
  function filled(data) {
    var words = new URLSearchParams();
    data.forEach(function (value, name) {
      if (value !== "") words.append(name, value);
    });
    return words.toString();
  }

  window.addEventListener("pageshow", function (event) {
    if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(release);
  });

  /* Back to an address whose page is no longer shown; a jump within the page is not one. */
  window.addEventListener("popstate", function () {
    if (address() !== shown) window.location.reload();
  });

  /* ---- choosing, ticking, opening ---- */

  /* Ask, a moment after the last change, what a form would come to; only the last answer counts. */
  function live(form) {
    if (!form || !form.dataset.live) return;
    window.clearTimeout(form.asking);
    form.asking = window.setTimeout(function () {
      var data = new FormData(form);
      var asked = (form.asked = (form.asked || 0) + 1);
      data.append("act", "count");
      ask(form.action, { method: "POST", body: data }, form.dataset.live)
        .then(function (answer) {
          if (asked === form.asked && answer.ok && !signedOut(answer)) swap(form.dataset.live, answer);
        })
        .catch(failed);
    }, 400);
  }

  document.addEventListener("input", function (event) {
    if (event.target.form && event.target.type === "number") live(event.target.form);
  });

  document.addEventListener("change", function (event) {
    var field = event.target;
    var form = field.form;
    if (field.dataset.checkAll) {
      var boxes = '[type="checkbox"][name="' + field.dataset.checkAll + '"]';
      (field.closest("[data-group]") || document).querySelectorAll(boxes).forEach(function (box) {
        box.checked = field.checked;
      });
    }
    live(form);
    if (form && form.hasAttribute("data-automatic") && field.type !== "search" && field.type !== "text") form.requestSubmit();
  });

  document.addEventListener(
    "toggle",
    function (event) {
      var box = event.target;
      if (!box.open || !box.dataset || !box.dataset.load) return;
      var url = box.dataset.load;
      var slot = document.getElementById(box.id + "-slot");
      delete box.dataset.load;
      ask(url, {}, slot.id)
        .then(function (answer) {
          if (!swap(slot.id, answer)) window.location.assign(url);
          var first = box.querySelector("input:not([type=hidden]), select, textarea");
          if (first) first.focus();
        })
        .catch(function () {
          box.dataset.load = url;
          box.open = false;
          failed();
        });
    },
    true
  );

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details[data-popover][open]").forEach(function (box) {
      if (!box.contains(event.target)) box.open = false;
    });
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("keydown", function (event) {
    var typing = event.target.matches("input, textarea, select, [contenteditable]");
    var search = document.querySelector("[data-search]");
    if (event.key === "Escape") {
      var open = event.target.closest("details[data-popover][open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      }
    }
    var slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    var chord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (search && search.offsetParent && (slash || chord)) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  /* ---- asking again ---- */

  /* Asks until the element comes back without data-poll; slower after failures, not while hidden. */
  function poll(element, misses) {
    var every = Number(element.dataset.every || 2) * 1000;
    window.setTimeout(function () {
      if (!element.isConnected) return;
      if (document.hidden) return poll(element, misses);
      fetch(element.dataset.poll, {
        credentials: "same-origin",
        headers: { "X-Fragment": element.id },
      })
        .then(function (answer) {
          if (!answer.ok) throw new Error(String(answer.status));
          return answer.text();
        })
        .then(function (text) {
          var page = parser.parseFromString(text, "text/html");
          if (!swap(element.id, { page: page })) throw new Error("no " + element.id);
        })
        .catch(function () {
          if (misses < 5) poll(element, misses + 1);
          else failed();
        });
    }, every * Math.pow(2, misses));
  }

  function ready(part) {
    if (part.matches && part.matches("[data-poll]")) poll(part, 0);
    part.querySelectorAll("[data-poll]").forEach(function (element) {
      poll(element, 0);
    });
    document.dispatchEvent(new CustomEvent("placement:ready", { detail: part }));
  }

  ready(document.body);
  // What is wrong before what was looked at: a preview below the fold would be overlooked.
  var summary = document.querySelector(".form-errors[data-focus], h2[data-focus]");
  if (summary) summary.focus();
})();
