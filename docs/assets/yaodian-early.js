// 在画出页面以前读出读者上次的选择：大字、深浅色、是否显示标注。同步加载，所以要短。
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
})();
