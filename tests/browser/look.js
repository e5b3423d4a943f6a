/* What the tests ask a page, as functions of window.look. Put in by tests/browser/look.py; no part of the site. */
window.look = (function () {
  "use strict";
  const INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [tabindex='0']";
  const CONTROLS = "button, input, select, textarea, summary, [role=button], header *, .y-tools *";

  const name = (element) => {
    const text = (element.getAttribute("aria-label") || element.textContent || element.value || "").trim().replace(/\s+/g, " ");
    const classes = element.getAttribute("class") ? "." + element.getAttribute("class").trim().replace(/\s+/g, ".") : "";
    return `<${element.localName}${element.id ? "#" + element.id : ""}${classes}>${text.slice(0, 30)}`;
  };
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right > 0 && box.bottom + scrollY > 0
      && element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  };
  const texts = function* (root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.data.trim() && node.parentElement && !/^(script|style|noscript|template)$/.test(node.parentElement.localName)) yield node;
    }
  };

  /* A link in running text, which WCAG 2.5.8 excepts: inline, and its block holds words that are no link. */
  const inText = (element) => {
    if (element.localName !== "a" || getComputedStyle(element).display !== "inline") return false;
    let block = element.parentElement;
    while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
    const bare = [...texts(block)].filter((node) => !node.parentElement.closest("a, button")).map((node) => node.data).join("");
    return /[\p{L}\p{N}]/u.test(bare);
  };

  /* Targets smaller than `least` px high or (other than text) wide; those in running text are counted, not judged. */
  const targets = (least, controls) => {
    const all = [...document.querySelectorAll(INTERACTIVE)].filter((e) => visible(e) && e.tabIndex >= 0 || e.localName === "summary" && visible(e));
    const labelled = (e) => /^(checkbox|radio)$/.test(e.type || "") && e.labels && e.labels.length ? e.labels[0] : e;
    const judged = all.filter((e) => !controls || e.matches(CONTROLS));
    const spared = judged.filter(inText);
    const small = judged.filter((e) => !spared.includes(e)).map(labelled)
      .map((e) => ({ e, box: e.getBoundingClientRect() })).filter(({ box }) => box.height < least - 0.5)
      .map(({ e, box }) => `${name(e)} ${Math.round(box.width)}×${Math.round(box.height)}`);
    return { all: judged.length, spared: spared.length, small };
  };

  /* Words that stand outside a screen of this width, other than in a box that scrolls by itself or a line that ends in “…”. */
  const outside = (width) => {
    const found = [];
    for (const node of texts(document.body)) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (!visible(node.parentElement) || box.right <= width + 1 && box.left >= -1) continue;
      let scroller = node.parentElement;
      while (scroller && getComputedStyle(scroller).textOverflow !== "ellipsis" && !/auto|scroll/.test(getComputedStyle(scroller).overflowX) && !/rect|inset/.test(getComputedStyle(scroller).clipPath)) scroller = scroller.parentElement;
      if (!scroller || scroller === document.documentElement || scroller === document.body) found.push(`${name(node.parentElement)} ${Math.round(box.left)}–${Math.round(box.right)}`);
    }
    return found;
  };

  const moving = () => {
    const still = (value) => value.split(",").every((part) => parseFloat(part) === 0);
    const styled = [...document.querySelectorAll("*")].filter((e) => {
      const style = getComputedStyle(e);
      return !still(style.transitionDuration) || style.animationName !== "none" || style.scrollBehavior === "smooth";
    });
    return [...document.getAnimations().map((a) => String(a)), ...styled.map(name)];
  };

  /* What has the focus: what it is, whether one can see that, and whether it is under something else. */
  const focused = () => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const style = getComputedStyle(element);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== "none";
    const boxes = [...element.getClientRects()];
    const seen = boxes.some((box) => {
      for (const part of [0.5, 0.1, 0.9]) {
        const top = document.elementFromPoint(Math.min(box.left + box.width * part, innerWidth - 1), Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
        if (top && (element.contains(top) || top.contains(element) || element.labels && [...element.labels].some((l) => l.contains(top)))) return true;
      }
      return false;
    });
    if (!element.dataset.lookOrder) element.dataset.lookOrder = String([...document.querySelectorAll("*")].indexOf(element));
    return { name: name(element), ring, seen, order: Number(element.dataset.lookOrder) };
  };

  const headings = () => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter((e) => e.checkVisibility()).map((e) => [Number(e.localName[1]), name(e)]);

  /* Controls that do nothing without scripts. */
  const dead = () => [...document.querySelectorAll("button, input, select, textarea, [role=button]")].filter((e) => {
    if (!visible(e)) return false;
    const form = e.closest("form[action]");
    const toggles = e.localName === "input" && e.type === "checkbox" && e.id && document.querySelector(`label[for="${e.id}"]`);
    return !form && !toggles;
  }).map(name);

  const bodyText = () => {
    const counts = new Map();
    for (const node of texts(document.querySelector("article") || document.body)) {
      if (!visible(node.parentElement)) continue;
      const size = parseFloat(getComputedStyle(node.parentElement).fontSize);
      counts.set(size, (counts.get(size) || 0) + node.data.trim().length);
    }
    return [...counts].sort((a, b) => b[1] - a[1]);
  };

  return { name, visible, targets, outside, moving, focused, headings, dead, bodyText };
})();
