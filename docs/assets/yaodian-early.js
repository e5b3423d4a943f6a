// 在画出页面以前读出读者上次的选择：大字、深浅色、是否显示标注。同步加载，所以要短。检索页另外先取要用的文件。
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.remove("no-js");
  root.classList.add("js");
  ["size", "scheme", "marks"].forEach(function (key) {
    try {
      var value = localStorage.getItem("yaodian." + key);
      if (value) root.setAttribute("data-y-" + key, value);
    } catch (error) { /* 浏览器不让存：按默认显示 */ }
  });
  // 检索一定会要的文件（theme/main.html），先去取；离线副本没有它们
  var ahead = document.querySelector('meta[name="yaodian-ahead"]');
  if (ahead && location.protocol !== "file:") ahead.content.split(" ").forEach(function (path) {
    var link = document.createElement("link"), isScript = /\.js$/.test(path);
    link.rel = isScript ? "modulepreload" : "preload";
    if (!isScript) {
      link.as = "fetch";
      link.crossOrigin = "anonymous";
    }
    link.href = document.querySelector('meta[name="yaodian-root"]').content + path;
    document.head.appendChild(link);
  });
})();
