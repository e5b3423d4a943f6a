// 每页都有的：大字、深色两个按钮，菜单的收起，以及别的脚本共用的几个函数。
(function () {
  "use strict";
  var html = document.documentElement;
  var rootMeta = document.querySelector('meta[name="yaodian-root"]');
  var toast;

  function get(key) {
    try { return localStorage.getItem("yaodian." + key); } catch (error) { return null; }
  }

  // 空值删去这一项；<html> 上的属性跟着变
  function set(key, value) {
    try {
      if (value) localStorage.setItem("yaodian." + key, value); else localStorage.removeItem("yaodian." + key);
    } catch (error) { /* 浏览器不让存：只管这一页 */ }
    if (value) html.setAttribute("data-y-" + key, value); else html.removeAttribute("data-y-" + key);
  }

  // 一句提示：看得见，读屏软件也会读
  function say(text) {
    toast.textContent = text;
    toast.classList.add("y-toast--on");
    clearTimeout(say.timer);
    say.timer = setTimeout(function () { toast.classList.remove("y-toast--on"); }, 4000);
  }

  // 复制。内网没有 https 时浏览器不给剪贴板接口，退回到选中再复制。
  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    return new Promise(function (done, failed) {
      var area = document.createElement("textarea");
      var focused = document.activeElement;
      area.value = text;
      area.className = "y-offscreen";
      (focused && focused.closest("dialog") || document.body).appendChild(area);
      area.select();
      var ok = document.execCommand("copy");
      area.remove();
      if (focused) focused.focus();
      if (ok) done(); else failed(new Error("copy"));
    });
  }

  function isDark() {
    var chosen = html.getAttribute("data-y-scheme");
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  var switches = {
    size: {
      on: function () { return html.getAttribute("data-y-size") === "large"; },
      flip: function (on) { set("size", on ? "large" : ""); },
      words: ["已换成大字，每一页都是。", "已换回平常的字号。"]
    },
    scheme: {
      on: isDark,
      flip: function (on) { set("scheme", on === matchMedia("(prefers-color-scheme: dark)").matches ? "" : on ? "dark" : "light"); },
      words: ["已换成深色。", "已换成浅色。"]
    }
  };

  function header() {
    Array.prototype.forEach.call(document.querySelectorAll("[data-y-switch]"), function (button) {
      var one = switches[button.getAttribute("data-y-switch")];
      function show() { button.setAttribute("aria-pressed", String(one.on())); }
      button.addEventListener("click", function () {
        var on = !one.on();
        one.flip(on);
        show();
        say(one.words[on ? 0 : 1]);
      });
      show();
    });
    var folds = document.querySelectorAll(".y-menu, .y-tabs .y-group");
    function fold(except) {
      Array.prototype.forEach.call(folds, function (one) { if (!one.contains(except)) one.open = false; });
    }
    document.addEventListener("click", function (event) { fold(event.target); });
    document.addEventListener("focusin", function (event) { fold(event.target); });
    document.addEventListener("keydown", function (event) {
      var open = event.key === "Escape" && document.querySelector(".y-menu[open], .y-tabs .y-group[open]");
      if (!open) return;
      open.open = false;
      open.querySelector("summary").focus();
    });
  }

  toast = document.createElement("div");
  toast.className = "y-toast";
  toast.setAttribute("role", "status");
  document.body.appendChild(toast);
  window.yaodian = { root: new URL(rootMeta ? rootMeta.content : "./", location.href).href, get: get, set: set, say: say, copy: copy };
  header();
})();
