// 正文里带说明的词：单位、数字、名词、引用文件。没有脚本时它们是普通链接，鼠标停留也看得到说明。
(function () {
  "use strict";

  // 名词和数字的说明：手指点一下先看说明，再点一下才打开；Esc 收起。
  function tips(root) {
    root.addEventListener("click", function (event) {
      var link = event.target.closest && event.target.closest("a[data-tip]");
      Array.prototype.forEach.call(root.querySelectorAll("a.y-open"), function (other) {
        if (other !== link) other.classList.remove("y-open");
      });
      if (!link || !matchMedia("(hover: none)").matches || link.classList.contains("y-open")) return;
      event.preventDefault();
      link.classList.add("y-open");
    });
    root.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      root.classList.add("y-tips-off"); // WCAG 1.4.13：可以收起
      Array.prototype.forEach.call(root.querySelectorAll("a.y-open"), function (link) { link.classList.remove("y-open"); });
    });
    ["pointermove", "focusin"].forEach(function (name) {
      root.addEventListener(name, function (event) {
        if (!(event.target.closest && event.target.closest("a[data-tip]"))) root.classList.remove("y-tips-off");
      });
    });
    Array.prototype.forEach.call(root.querySelectorAll("a[data-tip]"), function (link) {
      link.setAttribute("aria-description", link.getAttribute("data-tip"));
      link.addEventListener("pointerenter", function () { place(link); });
      link.addEventListener("focus", function () { place(link); });
      link.addEventListener("click", function () { place(link); });
    });
  }

  // 靠右的词，说明向左展开，不伸出屏幕。
  function place(link) {
    var box = link.getClientRects()[0];
    var wide = Math.min(320, document.documentElement.clientWidth - 16);
    var shift = Math.min(0, document.documentElement.clientWidth - 8 - (box.left + wide));
    link.style.setProperty("--y-shift", Math.round(Math.max(shift, 8 - box.left)) + "px");
  }

  document.addEventListener("DOMContentLoaded", function () {
    var article = document.querySelector("article");
    if (article) tips(article);
  });
})();
