// 检索页：输入框、筛选、网址和结果连在一起。查找本身在 yaodian-search-text.js，
// 通知从 yaodian-search-pagefind.js（网站）或 yaodian-search-offline.js（离线副本）来。
// 通知多的网站一个省一份索引：先查读者的那个省，要查全国另按按钮，见 yaodian-search-all.js。
(function () {
  "use strict";
  var search = window.yaodianSearch, make = search.make;
  var place = document.getElementById("y-search");
  if (!place) return;
  var ROUND = 10, ALL = 20, TRIES = 5, FEW = 3; // 一次取几份；不超过多少份就一次取完，统一排先后；最多连取几批；全国时一省先取几份
  var KEYS = ["place", "year", "topic", "unit", "target"];
  var PAUSE = 150;
  search.root = window.yaodian.root;
  var source = search.source; // 离线副本没有；太旧的浏览器读不了那个文件，也没有
  var bundles = [], several = false, form, sweep = null, serial = 0, timer, composing = false;
  var status = make("p", { role: "status", class: "ys-status" }), results = make("div", { class: "ys-results" });
  var pageTitle = document.title;

  // 现在查的是哪一个省：一个省、"*"（全国）、null（还没有选）；不分省时就是那一份
  function scope() { return several ? search.placeOf(bundles, form.read().place, true) : ""; }
  function from(slug) {
    var found = bundles.find(function (one) { return one.slug === slug; });
    return found ? source.at(found) : source;
  }

  // 查询 → 结果清单。每次取一批，没有就再取，几批都没有先停下来问读者。
  function gather(where, query, chosen) {
    var words = search.words(query);
    return Promise.all([where.find(words, chosen), where.keep(chosen)]).then(function (both) {
      return { words: words, entries: both[0], keep: both[1], at: 0, listing: !words.length && !search.byClause(chosen) };
    });
  }
  function matchOf(run, notice) {
    if (run.listing) return { notice: notice, together: [], named: [], apart: [], titled: true };
    return search.match(notice, run.words, function (clause) { return run.keep(notice, clause); });
  }
  function next(run, size, tried) {
    size = size || (run.entries.length <= ALL ? ALL : ROUND);
    var batch = run.entries.slice(run.at, run.at + size);
    run.at += batch.length;
    return Promise.all(batch.map(function (entry) { return entry.load(); })).then(function (notices) {
      var found = notices.map(matchOf.bind(null, run)).filter(Boolean);
      var over = found.length || run.at >= run.entries.length || tried === TRIES;
      return over ? found : next(run, size, (tried || 1) + 1);
    });
  }
  function count(query) {
    return gather(from(scope()), query, {}).then(function (run) {
      return next(run).then(function (found) { // 没有取完的，只知道大约有几份
        return found.length && run.at < run.entries.length ? run.entries.length : found.length;
      });
    });
  }

  // 在 block 里写结果；还有没列出的，下面有按钮。told(列出的全部) 在每次加写以后
  function list(block, run, found, told) {
    var shown = found;
    search.show(block, found, run.words);
    told(shown);
    if (run.at >= run.entries.length) return;
    var more = make("button", { type: "button", class: "ys-button" }, "再看" + ROUND + "份");
    more.addEventListener("click", function () {
      var before = block.querySelectorAll("h3 a").length;
      next(run, ROUND).then(function (added) {
        shown = shown.concat(added);
        search.show(block, added, run.words);
        told(shown);
        if (run.at >= run.entries.length) more.remove();
        var link = block.querySelectorAll("h3 a")[before];
        if (link) link.focus();
      }, broken);
    });
    block.parentNode.appendChild(more);
  }
  function counted(run, found) { return search.counted(found, run.words, run.entries.length - run.at); }

  // 换上新的结果；head 是写在上面的一段
  function show(run, found, head, name) {
    results.textContent = "";
    if (head) results.appendChild(head);
    var block = results.appendChild(make("div", {}));
    list(block, run, found, function (shown) { say((name ? name + "：" : "") + counted(run, shown)); });
    if (several) results.appendChild(everywhere());
  }
  function everywhere() {
    var query = form.read().q.trim();
    var button = make("button", { type: "button", class: "ys-button ys-everywhere" }, "在全国检索" + (query ? "“" + query + "”" : ""));
    button.addEventListener("click", function () { choose(search.ALL); });
    return make("p", {}, button);
  }
  function say(text) { status.textContent = text; }

  // 正好是一个名词时，指到它的解释。与结果一起画上，不在后面挤动它们。
  function explanation(query) {
    return from(scope()).file("terms").then(function (terms) {
      var name = Object.keys(terms).find(function (term) { return search.fold(term) === search.fold(query); });
      if (!name) return null;
      var page = search.root + "terms/" + (location.protocol === "file:" ? "index.html" : "");
      return make("p", { class: "ys-note" }, "名词解释：", make("a", { href: page + "#" + terms[name] }, name));
    }).catch(function () { return null; }); // 没有词表只是少一个链接
  }

  function nothing(query, chosen, mine, name) {
    results.textContent = "";
    say((name ? name + "：" : "") + "没有找到“" + query + "”。" + (filtered(chosen) ? "已按筛选条件查找，可以去掉条件再试。" : ""));
    if (several) results.appendChild(everywhere());
    return Promise.all([from(scope()).file("words"), search.part("near")]).then(function (both) { return search.near(query, count, both[0]); }).then(function (offers) {
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

  // 除了省以外，有没有筛选条件
  function filtered(state) {
    return KEYS.some(function (key) { return key === "place" && several ? state.place.indexOf("/") > 0 : state[key]; });
  }
  // 查一次；settled 是写定了的，见 address。同一个查询不重画：停笔以后再按回车，已经展开的不收回去。
  var asked = null, answer = Promise.resolve();
  function run(settled) {
    var state = form.read(), query = state.q.trim(), key = JSON.stringify(state), slug = scope(), mine;
    var idle = !search.words(query).length && (query || !filtered(state));
    address(state, settled, idle && !query);
    if (key === asked) return answer;
    asked = key;
    mine = ++serial;
    place.classList.remove("ys-broken");
    if (sweep) sweep.stop();
    sweep = null;
    document.title = query ? query + " · " + pageTitle : pageTitle;
    if (slug === null) return (answer = Promise.resolve(ask(query)));
    if (idle) {
      results.textContent = "";
      say(query ? "请至少写一个汉字、字母或数字。" : "");
      return (answer = Promise.resolve());
    }
    return (answer = (slug === "*" ? throughout : attempt)(query, state, mine, "").catch(function (error) {
      if (mine !== serial) return;
      asked = null; // 可以再试
      broken(error);
    }));
  }
  function attempt(query, state, mine, note) {
    var slug = scope(), bundle = bundles.find(function (one) { return one.slug && one.slug === slug; });
    var name = bundle ? bundle.name : "";
    return gather(from(slug), query, state).then(function (made) {
      var head = note ? make("p", { class: "ys-note" }, note) : explanation(query);
      return Promise.all([next(made), head]).then(function (both) {
        var found = both[0];
        if (mine !== serial) return null;
        if (found.length || made.at < made.entries.length) return show(made, found, both[1], name);
        if (note) return nothing(query, state, mine, name);
        return simpler(query, state, mine, attempt, function () { return nothing(query, state, mine, name); });
      });
    });
  }
  // 繁体字找不到，按简体字再查一次
  function simpler(query, state, mine, again, otherwise) {
    return search.part("near").then(function () { return search.simplified(query); }).then(function (simple) {
      if (mine !== serial) return null;
      return simple ? again(simple, state, mine, "已按简体字查找：" + simple) : otherwise();
    });
  }

  // 全国：一个省一个省地查，查到一个写一个
  function throughout(query, state, mine, note) {
    var chosen = Object.assign({}, state, { place: "" });
    results.textContent = "";
    if (note) results.appendChild(make("p", { class: "ys-note" }, note));
    return search.part("all").then(function () {
      if (mine !== serial) return true;
      sweep = search.everywhere({
        bundles: bundles, target: results, say: say, list: list, counted: counted,
        find: function (bundle) {
          return gather(source.at(bundle), query, chosen).then(function (made) {
            return next(made, FEW).then(function (found) { return { run: made, found: found }; });
          });
        }
      });
      return sweep.done;
    }).then(function (any) {
      if (mine !== serial || any || note) return null;
      return simpler(query, state, mine, throughout, function () { return null; });
    });
  }

  // 还没有选省：问清楚，不替读者猜
  function ask(query) {
    results.textContent = "";
    results.appendChild(search.provinces(bundles, choose));
    say(query ? "请先选一个地区，再查“" + query + "”。" : "请先选一个地区，也可以选全国。");
  }
  function choose(name) {
    form.write({ place: name });
    chosen();
    form.province.focus(); // 不是输入框：手机上会弹出键盘，盖住结果
  }
  function chosen() {
    var slug = scope();
    if (slug && slug !== "*") window.yaodian.set("place", slug);
    offer();
    return run(true);
  }
  function offer() { return from(scope()).file("choices").then(form.offer, function () { /* 没有选项也能查 */ }); }

  // 网址跟着查询走，可以收藏、转发。“后退”回到上一个查询：边写边换的是同一步，写定了（回车、换条件、离开输入框）才算一步。
  var draft = true;
  function address(state, settled, idle) {
    var query = ["q"].concat(KEYS).filter(function (key) { return state[key] && !(several && idle); }).map(function (key) {
      return key + "=" + encodeURIComponent(state[key].trim());
    }).join("&");
    var url = location.pathname + (query ? "?" + query : "");
    if (location.pathname + location.search !== url) {
      try { history[draft ? "replaceState" : "pushState"](null, "", url); } catch (error) { /* 离线副本：不改网址 */ }
      draft = true;
    }
    if (settled) draft = false;
  }
  // 网址里的地区，写成选项里的样子；没有写的，是上次的那个省
  function named(given) {
    var slug = search.placeOf(bundles, given), found = bundles.find(function (one) { return one.slug === slug; });
    if (!found) return slug ? search.ALL : "";
    return given.split("/")[0] === found.name ? given : found.name;
  }
  function fromAddress() {
    var given = new URLSearchParams(location.search), state = {};
    ["q"].concat(KEYS).forEach(function (key) { state[key] = given.get(key) || ""; });
    if (several) state.place = named(state.place);
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
  function connect() {
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
    form.onprovince = chosen;
    form.units(function () { return from(scope()).file("units"); });
    addEventListener("popstate", function () {
      fromAddress();
      if (several) offer();
    });
  }
  // 打开一条再“后退”，回到原来看到的地方：结果是后来才画上的，浏览器自己回不去
  results.addEventListener("click", function (event) {
    if (!event.target.closest("a")) return;
    try { history.replaceState({ y: scrollY }, ""); } catch (error) { /* 离线副本：从头看起 */ }
  });

  function begin(listed) {
    var left = history.state && history.state.y;
    bundles = listed;
    several = bundles.length > 1;
    form = search.form(place, bundles);
    [form.element, status, results].forEach(function (one) { place.appendChild(one); });
    connect();
    fromAddress().then(function () {
      place.classList.remove("ys-busy");
      if (left) scrollTo(0, left);
    });
    offer();
  }
  place.classList.toggle("ys-busy", Boolean(location.search));
  function fail(error) {
    function no() { return Promise.reject(error); }
    source = { file: no, find: no, keep: no };
    begin([]);
  }
  if (source) source.list().then(begin, fail);
  else {
    search.part("offline").then(function () {
      source = search.offlineSource(search.root);
      begin([]);
    }).catch(fail);
  }
})();
