// 检索的第六部分：输入框和筛选。选项从索引来，所以只列得到的。
(function () {
  "use strict";
  var search = window.yaodianSearch = window.yaodianSearch || {};

  function select(key, label, all) {
    var box = search.make("select", { id: "ys-" + key, name: key }, search.make("option", { value: "" }, all));
    return { box: box, field: search.make("p", { class: "ys-field" }, search.make("label", { for: "ys-" + key }, label), box) };
  }

  // 一个地址（浙江省/嘉兴市）按级缩进
  function option(box, value, count, unit) {
    var parts = value.split("/"), name = new Array(parts.length).join("　") + parts.pop();
    box.appendChild(search.make("option", { value: value }, name + "（" + count + unit + "）"));
  }

  search.form = function (place) {
    var make = search.make;
    var input = make("input", {
      type: "search", id: "ys-q", name: "q", maxlength: "100", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      enterkeyhint: "search", "aria-describedby": "ys-help"
    });
    var where = select("place", "地区", "全部地区"), year = select("year", "年份", "全部年份"), topic = select("topic", "主题", "全部主题");
    var names = make("datalist", { id: "ys-units" });
    var unit = make("input", { type: "text", id: "ys-unit", name: "unit", list: "ys-units", autocomplete: "off", maxlength: "60" });
    var target = make("input", { type: "checkbox", id: "ys-target", name: "target", value: "1" });
    var clear = make("button", { type: "button", class: "ys-button" }, "去掉筛选");
    var summary = make("summary", {}, "筛选");
    var filters = make("details", { class: "ys-filters" }, summary, make("div", { class: "ys-fields" },
      where.field, year.field, topic.field,
      make("p", { class: "ys-field" }, make("label", { for: "ys-unit" }, "责任单位（写一部分也行）"), unit, names),
      make("p", { class: "ys-field ys-check" }, target, make("label", { for: "ys-target" }, "有量化指标的")), clear));
    var controls = { q: input, place: where.box, year: year.box, topic: topic.box, unit: unit };
    var form = {
      input: input,
      element: make("form", { role: "search", "aria-label": "检索条款", class: "ys-form" },
        make("div", { class: "ys-bar" }, make("label", { for: "ys-q", class: "y-offscreen" }, "检索词"), input,
          make("button", { type: "submit", class: "ys-button ys-go" }, "检索")), filters),
      onchoice: function () { /* 检索页接上 */ }
    };

    function mark() {
      var state = form.read(), chosen = ["place", "year", "topic", "unit", "target"].filter(function (key) { return state[key]; });
      summary.textContent = chosen.length ? "筛选（已选" + chosen.length + "项）" : "筛选";
      clear.hidden = !chosen.length;
    }
    form.read = function () {
      var state = { target: target.checked ? "1" : "" };
      Object.keys(controls).forEach(function (key) { state[key] = controls[key].value; });
      return state;
    };
    // 写入给出的几项；网址里的地区等若不在选项里，也照样列上，好让人看见并去掉
    form.write = function (state) {
      Object.keys(controls).forEach(function (key) {
        if (!(key in state)) return;
        controls[key].value = state[key];
        if (controls[key].value !== state[key] && key !== "q") {
          controls[key].appendChild(make("option", { value: state[key] }, state[key]));
          controls[key].value = state[key];
        }
      });
      if ("target" in state) target.checked = state.target === "1";
      mark();
    };
    // 选项取到时，读者也许已经选了、写了，选了的照旧
    form.offer = function (choices) {
      var before = form.read();
      [where.box, year.box, topic.box].forEach(function (box) { box.options.length = 1; });
      choices.place.forEach(function (row) { option(where.box, row[0], row[1], "份"); });
      choices.year.forEach(function (row) { option(year.box, row[0], row[1], "份"); });
      choices.topic.forEach(function (row) { option(topic.box, row[0], row[1], "条"); });
      form.write({ place: before.place, year: before.year, topic: before.topic });
    };
    // 单位名单长，第一次点到时才取
    form.units = function (read) {
      unit.addEventListener("focus", function () {
        if (names.firstChild) return;
        read().then(function (rows) {
          rows.forEach(function (row) { names.appendChild(make("option", { value: row[0] })); });
        }, function () { /* 没有名单也能写 */ });
      });
    };

    filters.addEventListener("change", function () { mark(); form.onchoice(); });
    clear.addEventListener("click", function () {
      form.write({ place: "", year: "", topic: "", unit: "", target: "" });
      form.onchoice();
      summary.focus();
    });
    filters.open = matchMedia("(min-width: 60em)").matches;
    mark();
    return form;
  };
})();
