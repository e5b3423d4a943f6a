// 只在离线版里用：从文件夹直接打开时没有服务器，指向文件夹的链接要补上 index.html。
// 网页里写好的链接已经补过；这里管脚本后来加上的，例如检索结果。
(function () {
  "use strict";
  if (location.protocol !== "file:") return;
  function complete(event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (link && link.protocol === "file:" && link.pathname.slice(-1) === "/") link.pathname += "index.html";
  }
  ["pointerdown", "focusin", "click", "auxclick"].forEach(function (name) {
    document.addEventListener(name, complete, true);
  });
})();
