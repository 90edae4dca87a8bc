/* What every page must have, looked at in the page itself. Answers with a list of faults. */
({ phone }) => {
  const faults = [];
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const show = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const words = (element) => (element.textContent || "").trim();
  const check = (fine, what) => fine || faults.push(what);

  const byId = (ids) => (ids || "").split(/\s+/).filter(Boolean);
  const name = (element) =>
    element.getAttribute("aria-label") ||
    byId(element.getAttribute("aria-labelledby")).map((id) => words(document.getElementById(id))).join(" ") ||
    Array.from(element.labels || []).map(words).join(" ") ||
    words(element) ||
    element.getAttribute("alt") ||
    element.getAttribute("title");

  check(document.documentElement.lang === "zh-Hans-CN", "language " + document.documentElement.lang);
  check(document.title.trim(), "no title");
  const main = all("main").filter(shown);
  check(main.length === 1, main.length + " main");
  const first = all("h1").filter(shown);
  check(first.length === 1, first.length + " h1");

  let level = 1;
  all("main h1, main h2, main h3, main h4").filter(shown).forEach((heading) => {
    const now = Number(heading.tagName[1]);
    check(now <= level + 1, "heading skips a level: " + show(heading));
    level = now;
  });

  const ids = all("[id]").map((element) => element.id);
  check(new Set(ids).size === ids.length, "ids twice: " + ids.filter((id, at) => ids.indexOf(id) !== at));
  ["aria-describedby", "aria-labelledby", "aria-controls", "for"].forEach((attribute) => {
    all("[" + attribute + "]").forEach((element) => {
      byId(element.getAttribute(attribute)).forEach((id) =>
        check(document.getElementById(id), attribute + " leads nowhere: " + show(element)));
    });
  });

  all("a[href], button, summary, select, textarea, input:not([type=hidden]), [role=img]")
    .filter(shown)
    .forEach((element) => check(name(element), "without a name: " + show(element)));
  all("img").forEach((picture) => check(picture.hasAttribute("alt"), "without alt: " + show(picture)));
  all("table").filter(shown).forEach((table) => check(table.caption, "without caption: " + show(table)));
  all("[tabindex]").forEach((element) => check(element.tabIndex <= 0, "own order: " + show(element)));

  const wide = document.documentElement;
  check(wide.scrollWidth <= wide.clientWidth, "scrolls sideways: " + wide.scrollWidth + " px");
  if (phone) {
    all(".btn, .places a, .places summary, .choice label, .form-control, .form-select").filter(shown).forEach((element) => {
      const box = element.getBoundingClientRect();
      check(box.height >= 43.5, "too small for a thumb, " + box.height + " px: " + show(element));
    });
  }

  /* Contrast of what is written, over the nearest backgrounds. */
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const painted = (colours) => {
    brush.clearRect(0, 0, 1, 1);
    colours.forEach((colour) => {
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
    });
    return Array.from(brush.getImageData(0, 0, 1, 1).data.slice(0, 3));
  };
  const light = (colour) => {
    const parts = colour.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(getComputedStyle(at).backgroundColor);
    return ["white", ...layers];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !shown(element) || element.closest("svg, .visually-hidden, .skip")) continue;
    const style = getComputedStyle(element);
    const ground = behind(element);
    const [a, b] = [light(painted(ground)), light(painted([...ground, style.color]))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 600);
    check(ratio >= (large ? 3 : 4.5), "contrast " + ratio.toFixed(2) + ": " + show(element));
  }
  return Array.from(new Set(faults));
};
