/* Drafts of long texts, kept in this browser so that a lost line loses no words.

   A textarea with data-draft="key" is kept per user for 24 hours, without ID numbers, and wiped
   at sign-out, when it was sent, and when somebody else signs in here. */
(function () {
  "use strict";

  var PREFIX = "placement:draft:";
  var DAY = 24 * 60 * 60 * 1000;
  var user = document.body.dataset.viewer || "";
  var store;
  try {
    store = window.localStorage;
  } catch (refused) {
    return;
  }
  if (!store) return;

  function keys() {
    return Object.keys(store).filter(function (key) {
      return key.indexOf(PREFIX) === 0;
    });
  }

  function read(key) {
    try {
      return JSON.parse(store.getItem(key));
    } catch (broken) {
      return null;
    }
  }

  /* ID numbers of people do not stay on a device, not even in a draft. */
  function withoutNumbers(text) {
    return text.replace(/[0-9０-９]{15,17}[0-9０-９XxＸｘ]?/g, "***");
  }

  function wipe(judge) {
    keys().forEach(function (key) {
      if (judge(key, read(key))) store.removeItem(key);
    });
  }

  function mine(key) {
    return key.indexOf(PREFIX + user + ":") === 0;
  }

  /* Old ones go; so do those of others, and those that were sent and came through. */
  function tidy() {
    var done = document.querySelector('#flashes [data-flash="success"], #flashes .flash.good');
    wipe(function (key, draft) {
      if (!draft || Date.now() - draft.at > DAY) return true;
      if (!user) return false;
      return !mine(key) || (draft.sent && done);
    });
  }

  function keyOf(area) {
    return PREFIX + user + ":" + area.dataset.draft;
  }

  function keep(area, sent) {
    var text = withoutNumbers(area.value).trim();
    try {
      if (text) store.setItem(keyOf(area), JSON.stringify({ at: Date.now(), text: text, sent: sent }));
      else store.removeItem(keyOf(area));
    } catch (full) {
      return;
    }
    say(area, text && !sent ? area.dataset.draftKept : "");
  }

  function lineOf(area) {
    return area.closest(".field").querySelector("[data-draft-line]");
  }

  function say(area, text) {
    var line = lineOf(area);
    if (line) line.textContent = text;
  }

  function restore(area) {
    var draft = read(keyOf(area));
    if (!draft || area.value.trim()) return;
    area.value = draft.text;
    var at = new Date(draft.at).toTimeString().slice(0, 5);
    say(area, area.dataset.draftRestored.replace("{time}", at));
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = area.dataset.draftDiscard;
    button.addEventListener("click", function () {
      area.value = "";
      store.removeItem(keyOf(area));
      say(area, "");
      area.focus();
    });
    lineOf(area).appendChild(button);
  }

  function areas(part) {
    return Array.from(part.querySelectorAll("textarea[data-draft]"));
  }

  tidy();
  if (!user) return;

  document.addEventListener("input", function (event) {
    var area = event.target;
    if (!area.matches("textarea[data-draft]")) return;
    window.clearTimeout(area.draftTimer);
    area.draftTimer = window.setTimeout(keep, 400, area, false);
  });

  document.addEventListener("submit", function (event) {
    if (event.target.hasAttribute("data-wipe-drafts")) {
      wipe(function () {
        return true;
      });
      return;
    }
    areas(event.target).forEach(function (area) {
      window.clearTimeout(area.draftTimer);
      keep(area, true);
    });
  });

  document.addEventListener("placement:done", function (event) {
    areas(event.target).forEach(function (area) {
      store.removeItem(keyOf(area));
    });
  });

  document.addEventListener("placement:ready", function (event) {
    areas(event.detail).forEach(restore);
  });

  areas(document).forEach(restore);
})();
