// 正文里带说明的词：单位、数字、名词、引用文件。没有脚本时它们是普通链接，鼠标停留也看得到说明。
// 只在“显示标注”时管用：不显示标注时 yaodian-reading.js 已经取下了链接。
(function () {
  "use strict";
  var article = document.querySelector("article");
  if (!article) return;

  function linkAt(event) { return event.target.closest && event.target.closest("a[data-tip][href]"); }

  function fold(except) {
    Array.prototype.forEach.call(article.querySelectorAll("a.y-open"), function (link) {
      if (link !== except) link.classList.remove("y-open");
    });
  }

  // 靠右的词，说明向左展开，不伸出屏幕。
  function place(link) {
    var box = link.getClientRects()[0];
    var room = document.documentElement.clientWidth;
    var wide = Math.min(320, room - 16);
    var shift = Math.min(0, room - 8 - (box.left + wide));
    link.style.setProperty("--y-shift", Math.round(Math.max(shift, 8 - box.left)) + "px");
  }

  // 手指点一下先看说明，再点一下才打开；Esc 收起（WCAG 1.4.13）。
  article.addEventListener("click", function (event) {
    var link = linkAt(event);
    fold(link);
    if (!link) return;
    place(link);
    if (!matchMedia("(hover: none)").matches || link.classList.contains("y-open")) return;
    event.preventDefault();
    link.classList.add("y-open");
  });
  article.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    article.classList.add("y-tips-off");
    fold(null);
  });
  ["pointerover", "focusin"].forEach(function (name) {
    article.addEventListener(name, function (event) {
      var link = linkAt(event);
      if (link) place(link); else article.classList.remove("y-tips-off");
    });
  });
  Array.prototype.forEach.call(article.querySelectorAll("a[data-tip]"), function (link) {
    link.setAttribute("aria-description", link.getAttribute("data-tip"));
  });
})();
