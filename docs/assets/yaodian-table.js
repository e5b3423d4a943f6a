// 表格排序与筛选。没有脚本时表格照样可读；这里只加按钮和输入框。
(function () {
  "use strict";

  function cellValue(row, index) {
    var cell = row.cells[index];
    return cell.hasAttribute("data-sort") ? cell.getAttribute("data-sort") : cell.textContent.trim();
  }

  function compare(a, b) {
    var x = parseFloat(a), y = parseFloat(b);
    if (a !== "" && b !== "" && /^-?[\d.]+$/.test(a) && /^-?[\d.]+$/.test(b)) return x - y;
    if ((a === "") !== (b === "")) return a === "" ? 1 : -1; // 空的排最后
    return a.localeCompare(b, "zh");
  }

  function sortable(table, say) {
    var heads = table.tHead.rows[0].cells;
    Array.prototype.forEach.call(heads, function (head, index) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "y-sort";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(heads, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.prototype.map.call(table.tBodies[0].rows, function (row, place) { return [row, place]; });
        rows.sort(function (p, q) {
          var order = compare(cellValue(p[0], index), cellValue(q[0], index));
          return (down ? -order : order) || p[1] - q[1];
        });
        rows.forEach(function (pair) { table.tBodies[0].appendChild(pair[0]); });
        say("已按“" + button.textContent + "”" + (down ? "从大到小" : "从小到大") + "排列。");
      });
    });
  }

  // 窄屏上表头不显示，用下拉框排序。
  function order(select, table) {
    select.addEventListener("change", function () {
      if (select.value === "") location.reload();
      else table.querySelectorAll(".y-sort")[select.value].click();
    });
  }

  // 全角、半角和大小写不分：输入“１００％”也找得到“100%”。
  function folded(text) {
    return text.normalize("NFKC").toLowerCase();
  }

  function filterable(place, table, say) {
    var input = place.querySelector("input");
    order(place.querySelector("select"), table);
    var rows = Array.prototype.map.call(table.tBodies[0].rows, function (row) {
      return [row, folded(row.textContent + " " + (row.getAttribute("data-more") || ""))];
    });
    function apply() {
      var words = folded(input.value).split(/\s+/).filter(Boolean);
      var left = 0;
      rows.forEach(function (pair) {
        var shown = words.every(function (word) { return pair[1].indexOf(word) >= 0; });
        pair[0].hidden = !shown;
        left += shown ? 1 : 0;
      });
      say(words.length ? "筛选后剩" + left + "行。" : "");
      var address = new URL(location.href); // 不用 q：主题见到 ?q= 会打开搜索框
      if (words.length) address.searchParams.set("f", input.value); else address.searchParams.delete("f");
      history.replaceState(null, "", address);
    }
    input.addEventListener("input", apply); // 粘贴、语音、手写输入都会触发
    input.value = new URL(location.href).searchParams.get("f") || "";
    if (input.value) apply();
  }

  document.addEventListener("DOMContentLoaded", function () {
    var article = document.querySelector("article");
    if (!article) return;
    var status = article.querySelector(".y-status");
    function say(words) { status.textContent = words; }
    Array.prototype.forEach.call(article.querySelectorAll("table.y-sortable"), function (table) { sortable(table, say); });
    Array.prototype.forEach.call(article.querySelectorAll(".y-filter"), function (place) {
      var table = document.getElementById(place.getAttribute("data-table"));
      if (table) filterable(place, table, say);
    });
  });
})();
