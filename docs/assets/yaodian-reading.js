// 读一份通知：底部的阅读条、目录、上一条下一条、标注的开关，以及打开某一条网址时的着色和说明。
// 没有脚本时，正文、右侧目录和 :target 着色照样管用。
(function () {
  "use strict";
  var html = document.documentElement;
  var article = document.querySelector("article");
  var facts = document.getElementById("y-notice");
  if (!article || !facts || !window.yaodian) return;
  var yaodian = window.yaodian;
  var each = function (list, use) { Array.prototype.forEach.call(list, use); };

  function make(tag, css, text) {
    var element = document.createElement(tag);
    if (css) element.className = css;
    if (text) element.textContent = text;
    if (tag === "button") element.type = "button";
    return element;
  }

  // 去掉本站的话和 #，剩下的就是刊出的文字
  function published(element) {
    var copy = element.cloneNode(true);
    each(copy.querySelectorAll(".y-own, .headerlink"), function (own) { own.remove(); });
    var rows = copy.querySelectorAll("tr");
    if (!rows.length) return copy.textContent.trim();
    return Array.prototype.map.call(rows, function (row) {
      return Array.prototype.map.call(row.cells, function (cell) { return cell.textContent.trim(); }).join("\t");
    }).join("\n");
  }

  // 每一条：标题、正文各段、工具栏
  var clauses = [];
  each(article.querySelectorAll(".y-tools"), function (tools) {
    var heading = document.getElementById(tools.getAttribute("data-clause"));
    var parts = [];
    for (var next = heading.nextElementSibling; next && next !== tools; next = next.nextElementSibling) {
      if (!next.classList.contains("y-own")) parts.push(next);
    }
    var own = heading.classList.contains("y-own");
    clauses.push({
      id: heading.id, heading: heading, parts: parts, tools: tools, level: Number(heading.tagName[1]),
      cite: tools.getAttribute("data-cite"), own: own,
      name: own ? heading.firstChild.textContent : published(heading)
    });
  });

  // ---- 对话框：Esc 关闭、焦点回到原处由浏览器做；旧浏览器没有 showModal，这里补上 ----
  function dialog(css, title) {
    var box = make("dialog", "y-dialog " + css);
    var opener;
    var head = box.appendChild(make("div", "y-dialog__head"));
    var name = head.appendChild(make("p", "y-dialog__title"));
    var shut = head.appendChild(make("button", "y-button", "关闭"));
    box.rename = function (words) {
      name.textContent = words;
      box.setAttribute("aria-label", words);
    };
    box.rename(title);
    box.said = box.appendChild(make("p", "y-dialog__said"));
    box.said.setAttribute("role", "status");
    box.body = box.appendChild(make("div"));
    box.unfold = function () {
      opener = document.activeElement;
      box.said.textContent = "";
      if (box.showModal) box.showModal(); else box.setAttribute("open", "");
    };
    box.shut = function () {
      if (box.close) box.close(); else box.removeAttribute("open");
      if (opener && document.activeElement !== opener) opener.focus({ preventScroll: true });
    };
    shut.addEventListener("click", box.shut);
    box.addEventListener("click", function (event) { if (event.target === box) box.shut(); });
    box.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { event.preventDefault(); box.shut(); }
    });
    document.body.appendChild(box);
    return box;
  }

  // ---- 标注：不显示时取下链接，读屏软件和 Tab 键也当作普通文字 ----
  var marks = article.querySelectorAll("a.y-unit, a.y-target, a.y-term, a.y-cite");
  var switches = [article.querySelector("[data-y-marks]")];
  function marked() { return html.getAttribute("data-y-marks") === "on"; }
  function showMarks() {
    var on = marked();
    each(marks, function (link) {
      var address = link.getAttribute(on ? "data-href" : "href");
      if (!address) return;
      link.setAttribute(on ? "href" : "data-href", address);
      link.removeAttribute(on ? "data-href" : "href");
    });
    switches.forEach(function (button) { button.setAttribute("aria-pressed", String(on)); });
  }
  function flipMarks(event) {
    var seen = event.currentTarget.closest("article") ? event.currentTarget : clauses[Math.max(here, 0)].heading;
    var before = seen.getBoundingClientRect().top;
    yaodian.set("marks", marked() ? "" : "on");
    showMarks();
    window.scrollBy(0, seen.getBoundingClientRect().top - before); // 读到的地方不动
    yaodian.say(marked() ? "已显示标注。" : "已隐去标注，只看正文。");
  }

  // ---- 目录 ----
  var outline = dialog("y-outline", "目录");
  var message = outline.body.appendChild(make("p", "y-outline__message"));
  var list = outline.body.appendChild(make("ul"));
  clauses.forEach(function (clause) {
    var link = make("a", "y-level-" + Math.min(clause.level, 4), clause.name.slice(0, 60));
    link.href = "#" + clause.id;
    link.addEventListener("click", outline.shut);
    clause.entry = link;
    list.appendChild(make("li")).appendChild(link);
  });
  function openOutline(words) {
    message.textContent = words || "";
    outline.unfold();
    var link = clauses[Math.max(here, 0)].entry;
    (words ? list.querySelector("a") : link).focus();
    outline.scrollTop = words ? 0 : link.offsetTop - outline.clientHeight / 2;
  }

  // ---- 阅读条 ----
  var bar = make("nav", "y-bar");
  bar.setAttribute("aria-label", "阅读");
  var where = bar.appendChild(make("p", "y-bar__where"));
  where.tabIndex = -1;
  function button(text, use) {
    var made = bar.appendChild(make("button", "y-bar__button", text));
    made.addEventListener("click", use);
    return made;
  }
  button("目录", function () { openOutline(); });
  var back = button("上一条", function () { step(-1); });
  var on = button("下一条", function () { step(1); });
  switches.push(button("标注", flipMarks));
  switches[0].addEventListener("click", flipMarks);

  var here = -1; // 读到第几条
  var held = -1; // 刚打开的那一条：页尾的短条款滚不到顶上，也算读到它
  var entries = {};
  each(document.querySelectorAll(".md-sidebar--secondary .md-nav__link[href^='#']"), function (link) {
    entries[decodeURIComponent(link.hash.slice(1))] = link;
  });

  function onScreen(index) {
    var top = clauses[index].heading.getBoundingClientRect().top;
    return top >= 0 && top < window.innerHeight;
  }

  function locate() {
    if (held >= 0 && onScreen(held)) return held;
    if (window.innerHeight + window.scrollY >= html.scrollHeight - 2) return clauses.length - 1;
    var line = parseFloat(getComputedStyle(clauses[0].heading).scrollMarginTop) + 24;
    var low = 0, high = clauses.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (clauses[middle].heading.getBoundingClientRect().top <= line) low = middle + 1; else high = middle;
    }
    return low - 1;
  }

  function next(from, way) {
    var index = from + way;
    while (clauses[index] && !clauses[index].parts.length) index += way; // 只有标题的一级，没有可读的
    return clauses[index] ? index : -1;
  }

  function update() {
    waiting = false;
    var found = locate();
    if (found === here && where.textContent) return;
    if (clauses[here]) mark(clauses[here], false);
    here = found;
    var clause = clauses[here];
    if (clause) mark(clause, true);
    var names = [];
    for (var index = here, level = 9; index >= 0; index--) {
      if (clauses[index].level >= level) continue;
      level = clauses[index].level;
      names.unshift(names.length ? brief(clauses[index].name) : clauses[index].name);
    }
    where.textContent = names.length ? names.join(" › ") : facts.getAttribute("data-title") || "（无标题）";
    back.disabled = next(here, -1) < 0;
    on.disabled = next(here, 1) < 0;
  }

  function brief(name) { return name.length > 9 ? name.slice(0, 8) + "…" : name; }

  function mark(clause, is) {
    if (is) clause.entry.setAttribute("aria-current", "true"); else clause.entry.removeAttribute("aria-current");
    var link = entries[clause.id];
    if (!link) return;
    link.classList.toggle("md-nav__link--active", is);
    var side = link.closest(".md-sidebar"), box = link.getBoundingClientRect(), room = side.getBoundingClientRect();
    if (is && (box.top < room.top || box.bottom > room.bottom)) side.scrollTop += box.top - room.top - room.height / 2;
  }

  var waiting = false;
  function soon() {
    if (!waiting) { waiting = true; requestAnimationFrame(update); }
  }

  function step(way) {
    var index = next(here, way);
    if (index < 0) return;
    var button = way < 0 ? back : on;
    location.replace("#" + clauses[index].id); // 不在浏览记录里一条一条堆起来
    held = index;
    update();
    yaodian.say(clauses[index].name);
    // 跳转会让按钮失去焦点；还给它，才能接着按
    setTimeout(function () { (button.disabled ? where : button).focus({ preventScroll: true }); }, 50);
  }

  // ---- 打开某一条的网址 ----
  function hashed() {
    try { return decodeURIComponent(location.hash.slice(1)); } catch (error) { return location.hash.slice(1); }
  }

  function land() {
    each(article.querySelectorAll(".y-landed"), function (one) { one.classList.remove("y-landed"); });
    var id = hashed();
    var target = document.getElementById(id);
    var bare = id.replace(/[.。,，;；)）\]】]+$/, ""); // 引文末尾的句点常被一起复制
    if (!target && document.getElementById(bare)) { location.replace("#" + bare); return; }
    if (id && !target) { openOutline("这份通知里没有编号 " + id + "。请从目录里查找。"); return; }
    if (!target || !article.contains(target)) return;
    if (target.classList.contains("y-alias")) target = document.getElementById(target.getAttribute("data-to")) || target;
    clauses.forEach(function (clause, index) {
      if (clause.heading !== target) return;
      held = index;
      [target].concat(clause.parts).forEach(function (part) { part.classList.add("y-landed"); });
    });
    soon();
  }

  // 打印时折叠的都打开（新浏览器由样式完成），印完照旧
  var opened = [];
  addEventListener("beforeprint", function () {
    opened = Array.prototype.filter.call(article.querySelectorAll("details"), function (one) { return !one.open; });
    opened.forEach(function (one) { one.open = true; });
  });
  addEventListener("afterprint", function () { opened.forEach(function (one) { one.open = false; }); });

  yaodian.reading = { article: article, facts: facts, clauses: clauses, hashed: hashed, published: published, make: make, dialog: dialog };
  if (!clauses.length) return;
  document.body.appendChild(bar);
  showMarks();
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  ["wheel", "touchmove", "keydown", "mousedown"].forEach(function (name) {
    addEventListener(name, function () { held = -1; }, { passive: true });
  });
  addEventListener("hashchange", land);
  land();
  update();
})();
