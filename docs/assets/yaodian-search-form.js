// 检索的第六部分：输入框和筛选。选项从索引来，所以只列得到的。
(function () {
  "use strict";
  var search = window.yaodianSearch = window.yaodianSearch || {};

  function select(key, label, all) {
    var box = search.make("select", { id: "ys-" + key, name: key }, search.make("option", { value: "" }, all));
    return { box: box, field: search.make("p", { class: "ys-field" }, search.make("label", { for: "ys-" + key }, label), box) };
  }

  // 一个地址（浙江省/嘉兴市）按级缩进；base 是不必写出来的几级
  function option(box, value, count, unit, base) {
    var parts = value.split("/"), name = new Array(parts.length - (base || 0)).join("　") + parts.pop();
    box.appendChild(search.make("option", { value: value }, name + "（" + count + unit + "）"));
  }

  // bundles：有哪几个省；只有一份索引时是空的，地区就是一个筛选条件
  search.form = function (place, bundles) {
    var make = search.make, several = bundles.length > 1;
    var input = make("input", {
      type: "search", id: "ys-q", name: "q", maxlength: "100", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      enterkeyhint: "search", "aria-describedby": "ys-help"
    });
    var where = select("place", several ? "市、县" : "地区", several ? "全省" : "全部地区"), year = select("year", "年份", "全部年份"), topic = select("topic", "主题", "全部主题");
    var province = select("province", "在哪里查", "请选择");
    bundles.forEach(function (one) { option(province.box, one.name, one.notices, "份"); });
    province.box.appendChild(make("option", { value: search.ALL }, "全国（较慢）"));
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
      input: input, province: province.box,
      element: make("form", { role: "search", "aria-label": "检索条款", class: "ys-form" },
        several ? province.field : null,
        make("div", { class: "ys-bar" }, make("label", { for: "ys-q", class: "y-offscreen" }, "检索词"), input,
          make("button", { type: "submit", class: "ys-button ys-go" }, "检索")), filters),
      onchoice: function () { /* 检索页接上 */ },
      onprovince: function () { /* 检索页接上 */ }
    };
    province.field.classList.add("ys-where");

    // 选了哪个省，换上它的市、县
    function inProvince(name) {
      var whole = !name || name === search.ALL;
      province.box.value = name;
      where.box.options.length = 1;
      where.field.hidden = whole;
    }

    function mark() {
      var state = form.read(), chosen = ["place", "year", "topic", "unit", "target"].filter(function (key) {
        return key === "place" ? where.box.value : state[key];
      });
      summary.textContent = chosen.length ? "筛选（已选" + chosen.length + "项）" : "筛选";
      clear.hidden = !chosen.length;
    }
    form.read = function () {
      var state = { target: target.checked ? "1" : "" };
      Object.keys(controls).forEach(function (key) { state[key] = controls[key].value; });
      if (several) state.place = state.place || province.box.value;
      return state;
    };
    // 写入给出的几项；网址里的地区等若不在选项里，也照样列上，好让人看见并去掉
    form.write = function (state) {
      if (several && "place" in state) {
        var name = state.place.split("/")[0];
        if (name !== province.box.value) inProvince(name);
        state = Object.assign({}, state, { place: name === state.place ? "" : state.place });
      }
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
      choices.place.forEach(function (row) {
        if (!several || row[0].indexOf("/") > 0) option(where.box, row[0], row[1], "份", several ? 1 : 0);
      });
      choices.year.forEach(function (row) { option(year.box, row[0], row[1], "份"); });
      choices.topic.forEach(function (row) { option(topic.box, row[0], row[1], "条"); });
      form.write({ place: before.place, year: before.year, topic: before.topic });
    };
    // 单位名单长，点到时才取；换了省再取
    var listed = null;
    form.units = function (read) {
      unit.addEventListener("focus", function () {
        if (listed === form.read().place.split("/")[0]) return;
        listed = form.read().place.split("/")[0];
        read().then(function (rows) {
          names.textContent = "";
          rows.forEach(function (row) { names.appendChild(make("option", { value: row[0] })); });
        }, function () { listed = null; /* 没有名单也能写 */ });
      });
    };

    province.box.addEventListener("change", function () {
      inProvince(province.box.value);
      form.onprovince();
    });
    filters.addEventListener("change", function () { mark(); form.onchoice(); });
    clear.addEventListener("click", function () {
      form.write({ place: several ? province.box.value : "", year: "", topic: "", unit: "", target: "" });
      form.onchoice();
      summary.focus();
    });
    filters.open = matchMedia("(min-width: 60em)").matches;
    mark();
    return form;
  };
})();
