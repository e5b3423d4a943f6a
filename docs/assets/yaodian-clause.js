// 每一条下面的工具：复制链接、引文、原文，报告错误，只打印这一条。位置在页面里留好了，填进去时不跳动（空位由样式表留出）。
(function () {
  "use strict";
  var yaodian = window.yaodian;
  var reading = yaodian && yaodian.reading;
  if (!reading) return;
  var html = document.documentElement;
  var article = reading.article;
  var facts = reading.facts.dataset;
  var make = reading.make;

  function today() {
    var now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(function (n) { return (n < 10 ? "0" : "") + n; }).join("-");
  }

  // 一条、一段或一项的永久网址；不给编号就是整份通知的
  function address(anchor) {
    var canonical = document.querySelector('link[rel="canonical"]');
    var page = canonical ? canonical.href : location.href.split(/[?#]/)[0];
    return page + (anchor ? "#" + anchor : "");
  }

  function copy(text, what, box) {
    yaodian.copy(text).then(function () {
      return "已复制" + what + "。";
    }, function () {
      return "浏览器不让复制，请选中文字自己复制。";
    }).then(function (words) {
      if (box) box.said.textContent = words; else yaodian.say(words); // 对话框打开时，框外的提示看不清，读屏软件也读不到
    });
  }

  // ---- 引文 ----
  var FORMS = [
    ["公文写法", function (at) { return facts.official + at.cite; }],
    ["GB/T 7714-2025", function (at) { return facts.gb25 + "[" + today() + "]. " + address(at.id) + "."; }],
    ["GB/T 7714-2015", function (at) { return facts.gb15 + "[" + today() + "]. " + address(at.id) + "."; }]
  ];

  // 打开的是这一条里的“三是”或第2段，就引到那里
  function placeIn(clause) {
    var part = document.getElementById(reading.hashed());
    var inside = part && part.hasAttribute("data-cite") && clause.parts.some(function (one) { return one.contains(part); });
    return inside ? { id: part.id, cite: clause.cite + part.getAttribute("data-cite") } : clause;
  }

  function citations(clause) {
    var at = placeIn(clause);
    var box = panel("cite", "引用" + at.cite);
    FORMS.forEach(function (form) {
      var text = form[1](at);
      box.body.appendChild(make("p", "y-form__name", form[0]));
      box.body.appendChild(make("p", "y-form__text", text));
      button(box, "复制", function () { copy(text, form[0] + "的引文", box); }).setAttribute("aria-label", "复制" + form[0] + "的引文");
    });
    var more = box.body.appendChild(make("p", "y-form__more"));
    var link = more.appendChild(make("a", "", "这几种写法的说明"));
    link.href = yaodian.root + "cite/";
    box.unfold();
    box.body.querySelector("button").focus();
    copy(facts.official + at.cite + "\n" + address(at.id), "公文写法和网址；要别的写法，在这里选", box); // 多半要的是这个，省一次点
  }

  // 同一个对话框用到底：标题和内容换成这一次的
  var panels = {};
  function panel(name, title) {
    var box = panels[name] = panels[name] || reading.dialog("y-" + name, title);
    box.rename(title);
    box.body.textContent = "";
    return box;
  }

  function button(box, text, use) {
    var made = box.body.appendChild(make("button", "y-button", text));
    made.addEventListener("click", use);
    return made;
  }

  // ---- 原文 ----
  function words(clause) {
    var lines = clause.own ? [] : [clause.name];
    return lines.concat(clause.parts.map(reading.published)).filter(Boolean).join("\n");
  }

  function source(clause) {
    return facts.official + clause.cite + "，" + address(clause.id);
  }

  // ---- 报告错误：写好的话给读者看过、改过，点了才送出 ----
  function setting(name) {
    var meta = document.querySelector('meta[name="yaodian-' + name + '"]');
    return meta ? meta.content.trim() : "";
  }

  function report(clause) {
    var box = panel("report", "报告" + clause.cite + "的错误");
    var label = box.body.appendChild(make("label", "", "请在“应当是”和“依据”后面填写，其余不用改。"));
    var area = label.appendChild(make("textarea", "y-report__text"));
    var text = words(clause);
    area.rows = 10;
    area.value = [
      "通知：" + facts.official, "编号：" + facts.id + "#" + clause.id, "网址：" + address(clause.id),
      "现在的文字：" + text.slice(0, 200) + (text.length > 200 ? "……" : ""), "应当是：", "依据："
    ].join("\n");
    button(box, "复制", function () { copy(area.value, "这段话", box); });
    var title = encodeURIComponent("错误：" + facts.id + "#" + clause.id);
    var ways = [];
    if (setting("issues")) ways.push(["到问题页提交", setting("issues").replace(/\/+$/, "") + "/new?title=" + title + "&body="]);
    if (setting("mail")) ways.push(["写邮件", "mailto:" + setting("mail") + "?subject=" + title + "&body="]);
    ways.forEach(function (way) {
      var link = box.body.appendChild(make("a", "y-button", way[0]));
      link.rel = "noopener noreferrer";
      if (way[1].indexOf("mailto:")) link.target = "_blank";
      function fill() { link.href = way[1] + encodeURIComponent(area.value); }
      area.addEventListener("input", fill);
      fill();
    });
    if (!ways.length) {
      var hint = box.body.appendChild(make("p", "", "复制以后，请发给本站的维护人，见"));
      var about = hint.appendChild(make("a", "", "关于本站"));
      about.href = yaodian.root + "about/#report";
      hint.appendChild(document.createTextNode("。"));
    }
    box.unfold();
    area.focus();
    area.setSelectionRange(area.value.indexOf("应当是：") + 4, area.value.indexOf("应当是：") + 4);
  }

  // ---- 打印：整份或一条，末尾都有出处、网址和日期 ----
  var colophon = article.appendChild(make("div", "y-own y-colophon"));
  function sign(clause) {
    colophon.textContent = "";
    [
      facts.official + (clause ? clause.cite : ""),
      "发文机关：" + (facts.issuer || "未载明"),
      "网址：" + address(clause && clause.id),
      "打印日期：" + today() + "。以发文机关公布的文本为准。"
    ].forEach(function (line) { colophon.appendChild(make("p", "", line)); });
  }

  var printed = null;
  function print(clause) {
    printed = clause;
    html.setAttribute("data-y-print", clause.id);
    [clause.heading].concat(clause.parts).forEach(function (part) { part.classList.add("y-printed"); });
    sign(clause);
    setTimeout(function () { document.addEventListener("click", whole, { once: true }); }, 0); // 有的手机不报告“印完了”
    window.print();
  }
  function whole() {
    if (!printed) return;
    html.removeAttribute("data-y-print");
    [printed.heading].concat(printed.parts).forEach(function (part) { part.classList.remove("y-printed"); });
    printed = null;
    sign(null);
  }
  sign(null);
  addEventListener("beforeprint", function () { sign(printed); });
  addEventListener("afterprint", whole);

  // ---- 按钮 ----
  var DO = {
    link: ["复制链接", function (clause) { copy(address(clause.id), "链接"); }],
    cite: ["复制引文", citations],
    text: ["复制原文", function (clause) { copy(words(clause) + "\n" + source(clause), "原文和出处"); }],
    report: ["报告错误", report],
    print: ["打印本条", print]
  };
  reading.clauses.forEach(function (clause) {
    var link = clause.tools.querySelector("a"); // “对照原文”，第四个
    Object.keys(DO).forEach(function (name, place) {
      var made = make("button", "y-tool", DO[name][0]);
      made.setAttribute("data-do", name);
      made.addEventListener("click", function () { DO[name][1](clause); });
      clause.tools.insertBefore(made, place < 3 ? link : null);
    });
    clause.tools.setAttribute("role", "group");
    clause.tools.setAttribute("aria-label", clause.cite + "的工具");
  });

  // 标题、段落、分项后面的 #：照常跳转，顺手复制网址
  article.addEventListener("click", function (event) {
    var mark = event.target.closest && event.target.closest("a.headerlink");
    if (mark) copy(address(decodeURIComponent(mark.hash.slice(1))), "链接");
  });
})();
