// 检索的第四部分：把找到的写到页面上。文字一律用 textContent 放进去，不拼 HTML。
(function () {
  "use strict";
  var search = window.yaodianSearch = window.yaodianSearch || {};
  var SLOTS = { cover: "印发通知", preamble: "总述", sign: "落款与附件" };
  var SHOWN = 5; // 一份通知先列几条
  var GROUPS = {
    together: "",
    named: "有的词只在通知的名称、地区或年份里，其余的在下面这些条款里",
    apart: "分散在不同条款里：同一份通知里都有，但不在同一条"
  };

  var loading = {};

  // 读一个不一定用得着的脚本；同一个只读一次
  search.script = function (address) {
    loading[address] = loading[address] || new Promise(function (done, failed) {
      var element = document.createElement("script");
      element.src = address;
      element.onload = function () { done(); };
      element.onerror = function () { delete loading[address]; failed(new Error(address)); };
      document.head.appendChild(element);
    });
    return loading[address];
  };
  search.part = function (name) { return search.script(search.root + "assets/yaodian-search-" + name + ".js"); };

  // make("a", {href: …}, 孩子…)：孩子是元素或文字
  search.make = function (tag, attributes) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (key) {
      if (attributes[key] !== null) element.setAttribute(key, attributes[key]);
    });
    Array.prototype.slice.call(arguments, 2).forEach(function (child) {
      if (child !== null) element.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
    });
    return element;
  };
  var make = search.make;

  // 起止之间的文字，找到的词加底色
  function marked(clause, ranges, from, to) {
    var piece = document.createDocumentFragment(), at = from;
    ranges.forEach(function (range) {
      var start = Math.max(range[0], from), end = Math.min(range[1], to);
      if (start >= end) return;
      piece.appendChild(document.createTextNode(clause.printed.slice(at, start)));
      piece.appendChild(make("mark", {}, clause.printed.slice(start, end)));
      at = end;
    });
    piece.appendChild(document.createTextNode(clause.printed.slice(at, to)));
    return piece;
  }

  function address(notice, words, anchor) {
    var query = words.map(function (word) { return "h=" + encodeURIComponent(word); }).join("&");
    var page = search.root + "notices/" + notice.id + "/" + (location.protocol === "file:" ? "index.html" : "");
    return page + (query ? "?" + query : "") + (anchor ? "#" + anchor : "");
  }

  // 一条：编号和标题是链接，下面是上下文
  function item(notice, hit, words) {
    var clause = hit.clause, ranges = search.ranges(clause, words), end = clause.skip + clause.title.length;
    var name = clause.printed.slice(0, end) ? marked(clause, ranges, 0, end) : document.createTextNode(SLOTS[clause.anchor] || "这一条");
    var link = make("a", { href: address(notice, words, clause.anchor), class: "ys-clause" }, name);
    var context = make("p", { class: "ys-context" });
    search.windows(clause, ranges).forEach(function (window, i) {
      if (!i && window[0] > end + 1) context.appendChild(document.createTextNode("……"));
      context.appendChild(marked(clause, ranges, window[0], window[1]));
      if (window[1] < clause.printed.length) context.appendChild(document.createTextNode("……"));
    });
    return make("li", { "data-notice": notice.id, "data-anchor": clause.anchor }, link, context.firstChild ? context : null);
  }

  // 一份通知：名称，几条，多的收在按钮后面
  function section(found, group, words) {
    var notice = found.notice, hits = found[group];
    var place = notice.head[0].split("/").pop() || "地区未载明";
    var title = make("h3", {}, make("a", { href: address(notice, words, "") },
      place + (notice.year ? notice.year + "年" : "") + " · " + (notice.head[2] || "（无标题）")));
    var list = make("ol", {});
    hits.slice(0, SHOWN).forEach(function (hit) { list.appendChild(item(notice, hit, words)); });
    var whole = make("section", { class: "ys-notice" }, title, hits.length ? list
      : make("p", { class: "ys-context" }, words.length ? "通知的名称、地区或年份里有，条款里没有。" : "打开看全文。"));
    if (hits.length > SHOWN) {
      var more = make("button", { type: "button", class: "ys-button" }, "本份还有" + (hits.length - SHOWN) + "条");
      more.addEventListener("click", function () {
        var before = list.children.length;
        hits.slice(SHOWN).forEach(function (hit) { list.appendChild(item(notice, hit, words)); });
        more.remove();
        list.children[before].querySelector("a").focus();
      });
      whole.appendChild(more);
    }
    return whole;
  }

  // 把一批结果加在 target 后面，分组写；在一个省的标题下面时，第一组不另写标题
  search.show = function (target, results, words) {
    Object.keys(GROUPS).forEach(function (group) {
      var some = results.filter(function (found) {
        return found[group].length || group === "together" && found.titled && !found.named.length;
      });
      if (!some.length) return;
      var block = target.querySelector("[data-group=" + group + "]");
      if (!block) {
        block = make("div", { "data-group": group });
        var inside = target.closest(".ys-province");
        if (GROUPS[group] || !inside) {
          block.appendChild(make(inside ? "h3" : "h2", { class: GROUPS[group] ? "ys-group" : "y-offscreen" }, GROUPS[group] || "找到的条款"));
        }
        target.appendChild(block);
      }
      some.sort(search.compareNotices(group)).forEach(function (found) { block.appendChild(section(found, group, words)); });
    });
  };

  // “在3份通知里找到7条”
  search.counted = function (results, words, rest) {
    function sum(group) { return results.reduce(function (total, found) { return total + found[group].length; }, 0); }
    function with_(group) { return results.filter(function (found) { return found[group].length; }).length; }
    var parts = [];
    if (!results.length) parts.push("看过的通知里没有找到");
    else if (!words.length && !sum("together")) parts.push("有" + results.length + "份通知");
    else if (sum("together")) parts.push("在" + with_("together") + "份通知里找到" + sum("together") + "条");
    else if (words.length > 1) parts.push("没有哪一条同时写着这" + words.length + "个词");
    else parts.push("在" + results.length + "份通知的名称里找到");
    if (sum("named")) parts.push("另有" + sum("named") + "条，有的词只在通知的名称、地区或年份里");
    if (with_("apart")) parts.push("有" + with_("apart") + "份通知分散在不同条款里");
    return parts.join("；") + "。" + (rest ? "还有约" + rest + "份没有列出，按下面的按钮再看。" : "");
  };

  // 在哪里查：一个省一个按钮，全国在最后
  search.provinces = function (bundles, choose) {
    var list = make("ul", { class: "ys-provinces" });
    bundles.map(function (one) { return [one.name, one.notices + "份"]; }).concat([[search.ALL, "一个一个地查，较慢"]]).forEach(function (row) {
      var button = make("button", { type: "button", class: "ys-button" }, row[0], make("small", {}, row[1]));
      button.addEventListener("click", function () { choose(row[0]); });
      list.appendChild(make("li", {}, button));
    });
    return make("div", {}, make("h2", { class: "ys-group" }, "在哪里查？选一个，下次先查这里。"), list);
  };

  // 一组查询的链接：[词, 说明]
  search.links = function (queries, go) {
    var list = make("ul", { class: "ys-offers" });
    queries.forEach(function (query) {
      var link = make("a", { href: "?q=" + encodeURIComponent(query[0]) }, query[0]);
      link.addEventListener("click", function (event) {
        event.preventDefault();
        go(query[0]);
      });
      list.appendChild(make("li", {}, link, query[1] ? " " + query[1] : null));
    });
    return list;
  };
})();
