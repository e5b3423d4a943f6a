// 检索的第八部分：在全国检索，用到时才读这个文件。一个省一个省地查，查到的按省排，可以停下来；哪个省没有查成，写出来，可以再试。
(function () {
  "use strict";
  var search = window.yaodianSearch;
  var TOGETHER = 3; // 同时查几个省：再多也不会快，只是一起等

  // 依次查 bundles：find(省) → Promise。tell(省, 结果或 null) 按 bundles 的先后。stop() 以后不再查。
  function inTurn(bundles, find, tell) {
    var next = 0, stopped = false, told = Promise.resolve();
    function one() {
      if (stopped || next >= bundles.length) return Promise.resolve();
      var bundle = bundles[next++];
      var found = find(bundle).catch(function (error) {
        if (window.console) console.warn(bundle.name, error);
        return null;
      });
      told = told.then(function () { return found; }).then(function (result) { if (!stopped) tell(bundle, result); });
      return found.then(one);
    }
    var all = [];
    for (var i = 0; i < TOGETHER; i++) all.push(one());
    return {
      stop: function () { stopped = true; },
      done: Promise.all(all).then(function () { return told; })
    };
  }

  // make：bundles、target（写在哪里）、say、list、counted，和 find(省) → Promise<{run, found}>。
  // 返回 stop 和 done；done 给出有没有找到、有没有没查成的（有就不必再换简体字查）。
  search.everywhere = function (make) {
    var element = search.make, total = make.bundles.length, done = 0, missed = [], stopped = false;
    var listed = 0, left = 0, places = 0;
    var line = element("p", { class: "ys-progress" }), bar = element("progress", { max: String(total), value: "0", "aria-label": "检索进度" });
    var words = element("span", {}), stop = element("button", { type: "button", class: "ys-button" }, "停止");
    [bar, words, stop].forEach(function (one) { line.appendChild(one); });
    make.target.appendChild(line);
    var block = make.target.appendChild(element("div", {}));
    make.say("正在全国检索，共" + total + "个地区。");

    function progress() {
      bar.value = done;
      words.textContent = "已查" + done + "/" + total + "个地区" + (listed ? "，" + places + "个地区有" : "");
    }
    function tell(bundle, result) {
      done++;
      if (!result) missed.push(bundle);
      else if (result.found.length || result.run.at < result.run.entries.length) province(bundle, result);
      progress();
    }
    function province(bundle, result) {
      var about = element("p", { class: "ys-context" }), inside = element("div", {});
      var whole = element("section", { class: "ys-province", "data-province": bundle.slug }, element("h2", {}, bundle.name), about, inside);
      block.appendChild(whole);
      places++;
      listed += result.found.length;
      left += result.run.entries.length - result.run.at;
      make.list(inside, result.run, result.found, function (shown) { about.textContent = make.counted(result.run, shown); });
    }
    function summary() {
      var parts = [stopped ? "已停止，查了" + done + "/" + total + "个地区" : "全国" + total + "个地区都查了一遍"];
      parts.push(places ? places + "个地区有，先列出" + listed + "份通知" : "没有找到");
      if (left) parts.push("还有约" + left + "份，按各地区下面的按钮再看");
      return parts.join("；") + "。" + (missed.length ? names(missed) + "没有查成：索引没有取到。" : "");
    }
    function names(some) { return some.map(function (one) { return one.name; }).join("、"); }
    function finish() {
      line.remove();
      make.say(summary());
      if (!missed.length || stopped) return places > 0 || stopped;
      var again = element("button", { type: "button", class: "ys-button" }, "再查" + names(missed));
      again.addEventListener("click", function () {
        var some = missed;
        missed = [];
        done -= some.length;
        again.remove();
        make.target.insertBefore(line, block);
        turn = inTurn(some, make.find, tell);
        progress();
        turn.done.then(finish);
      });
      make.target.insertBefore(again, block);
      return true;
    }
    stop.addEventListener("click", function () {
      stopped = true;
      turn.stop();
      finish();
    });
    var turn = inTurn(make.bundles, make.find, tell);
    progress();
    return {
      stop: function () { stopped = true; turn.stop(); },
      done: turn.done.then(function () { return stopped || finish(); })
    };
  };
})();
