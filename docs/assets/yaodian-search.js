// 检索页：输入框、筛选、网址和结果连在一起。查找本身在 yaodian-search-text.js，
// 通知从 yaodian-search-pagefind.js（网站）或 yaodian-search-offline.js（离线副本）来。
(function () {
  "use strict";
  var search = window.yaodianSearch, make = search.make;
  var place = document.getElementById("y-search");
  if (!place) return;
  var ROUND = 10, ALL = 20, TRIES = 5; // 一次取几份；不超过多少份就一次取完，统一排先后；最多连取几批
  var KEYS = ["place", "year", "topic", "unit", "target"];
  var PAUSE = 150;
  search.root = window.yaodian.root;
  var online = location.protocol !== "file:" && search.pagefindSource; // 太旧的浏览器读不了那个文件
  var source = (online || search.offlineSource)(search.root);
  var form = search.form(place), status = make("p", { role: "status", class: "ys-status" });
  var results = make("div", { class: "ys-results" }), serial = 0, timer, composing = false;
  place.appendChild(form.element);
  place.appendChild(status);
  place.appendChild(results);
  var pageTitle = document.title;

  // 查询 → 结果清单。每次取一批，没有就再取，几批都没有先停下来问读者。
  function gather(query, chosen) {
    var words = search.words(query);
    return Promise.all([source.find(words, chosen), source.keep(chosen)]).then(function (both) {
      return { words: words, entries: both[0], keep: both[1], at: 0, listing: !words.length && !search.byClause(chosen) };
    });
  }
  function matchOf(run, notice) {
    if (run.listing) return { notice: notice, together: [], named: [], apart: [], titled: true };
    return search.match(notice, run.words, function (clause) { return run.keep(notice, clause); });
  }
  function next(run, tried) {
    var size = run.entries.length <= ALL ? ALL : ROUND;
    var batch = run.entries.slice(run.at, run.at + size);
    run.at += batch.length;
    return Promise.all(batch.map(function (entry) { return entry.load(); })).then(function (notices) {
      var found = notices.map(matchOf.bind(null, run)).filter(Boolean);
      var over = found.length || run.at >= run.entries.length || tried === TRIES;
      return over ? found : next(run, (tried || 1) + 1);
    });
  }
  function count(query) {
    return gather(query, {}).then(function (run) {
      return next(run).then(function (found) { // 没有取完的，只知道大约有几份
        return found.length && run.at < run.entries.length ? run.entries.length : found.length;
      });
    });
  }

  // 换上新的结果；head 是写在上面的一段
  function show(run, found, head) {
    results.textContent = "";
    if (head) results.appendChild(head);
    var list = make("div", {}), shown = found;
    results.appendChild(list);
    search.show(list, found, run.words);
    say(search.counted(shown, run.words, run.entries.length - run.at));
    if (run.at < run.entries.length) {
      var more = make("button", { type: "button", class: "ys-button" }, "再看" + ROUND + "份");
      more.addEventListener("click", function () {
        var before = list.querySelectorAll("h3 a").length;
        next(run).then(function (added) {
          shown = shown.concat(added);
          search.show(list, added, run.words);
          say(search.counted(shown, run.words, run.entries.length - run.at));
          if (run.at >= run.entries.length) more.remove();
          var link = list.querySelectorAll("h3 a")[before];
          if (link) link.focus();
        }, broken);
      });
      results.appendChild(more);
    }
  }
  function say(text) { status.textContent = text; }

  // 正好是一个名词时，指到它的解释。与结果一起画上，不在后面挤动它们。
  function explanation(query) {
    return source.file("terms").then(function (terms) {
      var name = Object.keys(terms).find(function (term) { return search.fold(term) === search.fold(query); });
      if (!name) return null;
      var page = search.root + "terms/" + (location.protocol === "file:" ? "index.html" : "");
      return make("p", { class: "ys-note" }, "名词解释：", make("a", { href: page + "#" + terms[name] }, name));
    }).catch(function () { return null; }); // 没有词表只是少一个链接
  }

  function nothing(query, chosen, mine) {
    var filtered = KEYS.some(function (key) { return chosen[key]; });
    results.textContent = "";
    say("没有找到“" + query + "”。" + (filtered ? "已按筛选条件查找，可以去掉条件再试。" : ""));
    return source.file("words").then(function (names) { return search.near(query, count, names); }).then(function (offers) {
      if (mine !== serial || !offers.length) return;
      results.appendChild(make("h2", { class: "ys-group" }, "试试这些词，都找得到："));
      results.appendChild(search.links(offers, function (word) { form.write({ q: word }); run(true); form.input.focus(); }));
    });
  }

  function broken(error) {
    results.textContent = "";
    place.classList.add("ys-broken");
    say("检索用不了：索引没有取到。请刷新再试，或用下面的目录查找。");
    if (window.console) console.warn(error);
  }

  // 查一次；settled 是写定了的，见 address。同一个查询不重画：停笔以后再按回车，已经展开的不收回去。
  var asked = null, answer = Promise.resolve();
  function run(settled) {
    var state = form.read(), query = state.q.trim(), key = JSON.stringify(state), mine;
    address(state, settled);
    if (key === asked) return answer;
    asked = key;
    mine = ++serial;
    document.title = query ? query + " · " + pageTitle : pageTitle;
    var filtered = KEYS.some(function (key) { return state[key]; });
    if (!search.words(query).length && (query || !filtered)) {
      results.textContent = "";
      say(query ? "请至少写一个汉字、字母或数字。" : "");
      return (answer = Promise.resolve());
    }
    return (answer = attempt(query, state, mine, "").catch(function (error) {
      if (mine !== serial) return;
      asked = null; // 可以再试
      broken(error);
    }));
  }
  function attempt(query, state, mine, note) {
    return gather(query, state).then(function (made) {
      var head = note ? make("p", { class: "ys-note" }, note) : explanation(query);
      return Promise.all([next(made), head]).then(function (both) {
        var found = both[0];
        if (mine !== serial) return null;
        if (found.length || made.at < made.entries.length) return show(made, found, both[1]);
        if (note) return nothing(query, state, mine);
        return search.simplified(query).then(function (simple) {
          if (mine !== serial) return null;
          return simple ? attempt(simple, state, mine, "已按简体字查找：" + simple) : nothing(query, state, mine);
        });
      });
    });
  }

  // 网址跟着查询走，可以收藏、转发。“后退”回到上一个查询：边写边换的是同一步，写定了（回车、换条件、离开输入框）才算一步。
  var draft = true;
  function address(state, settled) {
    var query = ["q"].concat(KEYS).filter(function (key) { return state[key]; }).map(function (key) {
      return key + "=" + encodeURIComponent(state[key].trim());
    }).join("&");
    var url = location.pathname + (query ? "?" + query : "");
    if (location.pathname + location.search !== url) {
      try { history[draft ? "replaceState" : "pushState"](null, "", url); } catch (error) { /* 离线副本：不改网址 */ }
      draft = true;
    }
    if (settled) draft = false;
  }
  function fromAddress() {
    var given = new URLSearchParams(location.search), state = {};
    ["q"].concat(KEYS).forEach(function (key) { state[key] = given.get(key) || ""; });
    form.write(state);
    draft = true; // 网址里写法不同（空格写成加号）时就地改正，不多出一步
    var done = run(true);
    draft = !location.search;
    return done;
  }

  function typed() {
    clearTimeout(timer);
    if (!composing) timer = setTimeout(run, PAUSE, false);
  }
  form.input.addEventListener("compositionstart", function () { composing = true; clearTimeout(timer); });
  form.input.addEventListener("compositionend", function () { composing = false; typed(); });
  form.input.addEventListener("input", typed);
  form.input.addEventListener("change", function () { draft = false; });
  form.input.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || composing) return;
    form.write({ q: "" });
    run(false);
  });
  form.element.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(timer);
    run(true);
  });
  form.onchoice = function () { run(true); };
  addEventListener("popstate", fromAddress);
  // 打开一条再“后退”，回到原来看到的地方：结果是后来才画上的，浏览器自己回不去
  results.addEventListener("click", function (event) {
    if (!event.target.closest("a")) return;
    try { history.replaceState({ y: scrollY }, ""); } catch (error) { /* 离线副本：从头看起 */ }
  });
  var left = history.state && history.state.y;
  place.classList.toggle("ys-busy", Boolean(location.search));
  fromAddress().then(function () {
    place.classList.remove("ys-busy");
    if (left) scrollTo(0, left);
  });
  source.file("choices").then(form.offer, function () { /* 没有选项也能查 */ });
  form.units(function () { return source.file("units"); });
})();
