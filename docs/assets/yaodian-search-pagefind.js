// 检索的第二部分：从 Pagefind 的索引里找通知。索引由 scripts/notices/publish/search/index.py 做成：
// 一个字一个词，所以带引号的查询就是按字面查；标点和空格写成索引不理会的记号，这里再还原成发布的文字。
(function () {
  "use strict";
  var search = window.yaodianSearch = window.yaodianSearch || {};
  var CODED = /\u241b([\u2800-\u28ff])([\u2800-\u28ff])([\u2800-\u28ff])|([\s\S])\u2421|\u2423|\u2424/g;

  function original(all, high, middle, low, narrow) {
    if (high) return String.fromCodePoint((high.charCodeAt(0) & 255) << 16 | (middle.charCodeAt(0) & 255) << 8 | low.charCodeAt(0) & 255);
    if (narrow) return String.fromCharCode(narrow.charCodeAt(0) + 0xfee0);
    return all === "\u2423" ? " " : "\n";
  }
  function decoded(text) { return text.replace(/ /g, "").replace(CODED, original); }

  // 索引里的一份通知：先是名称一段，然后每个条款一段标题（带 ␝）、一段其余文字；段尾是 ␟，句号是 Pagefind 加的
  function parsed(fragment) {
    var blocks = fragment.content.split(/\u241f\.? ?/), next = 0;
    var notice = { id: fragment.url.split("/").slice(-2)[0], clauses: [] };
    notice.head = blocks[0].split("\u241e").slice(0, 5).map(decoded);
    blocks.slice(1).forEach(function (block) {
      var last = notice.clauses[notice.clauses.length - 1];
      if (block.indexOf("\u241d") < 0) {
        if (last) last.text += decoded(block);
        return;
      }
      var label = block.split("\u241e"), title = label[1].split("\u241d");
      notice.clauses.push({
        anchor: fragment.anchors[next++].id, label: decoded(label[0]), title: decoded(title[0]),
        text: decoded(title[0]) + decoded(title[1])
      });
    });
    return search.prepare(notice);
  }

  search.pagefindSource = function (root) {
    var base = root + "pagefind/", engine, files = {}, texts = {};

    function start() {
      engine = engine || import(base + "pagefind.js").then(function (made) {
        return made.init().then(function () { return made; });
      });
      return engine;
    }
    function json(name) {
      files[name] = files[name] || fetch(base + name + ".json").then(function (answer) {
        if (!answer.ok) throw new Error(name);
        return answer.json();
      });
      return files[name];
    }
    function load(result) {
      texts[result.id] = texts[result.id] || result.data().then(parsed);
      return texts[result.id];
    }

    // 一个词用哪几段去查索引。长的只用头尾各四个字：少取几块索引；是不是真有，反正要在文字里逐字核对。
    function phrases(word) {
      var letters = search.letters(word);
      var pieces = letters.length > 8 ? [letters.slice(0, 4), letters.slice(-4)] : [letters];
      return pieces.map(function (piece) { return "\"" + piece.join(" ") + "\""; });
    }

    // 每段各查一次，取都有的通知；按 Pagefind 的打分排
    function meet(lists) {
      var rest = lists.slice(1).map(function (list) {
        var scores = new Map();
        list.results.forEach(function (result) { scores.set(result.id, result.score); });
        return scores;
      });
      return lists[0].results.filter(function (result) {
        return rest.every(function (scores) { return scores.has(result.id); });
      }).map(function (result) {
        var score = rest.reduce(function (sum, scores) { return sum + scores.get(result.id); }, result.score);
        return { id: result.id, score: score, load: load.bind(null, result) };
      }).sort(function (a, b) { return b.score - a.score || (a.id < b.id ? -1 : 1); });
    }

    // 只留下筛选条件里的通知
    function narrow(entries, chosen) {
      if (!chosen.place && !chosen.year && !search.byClause(chosen)) return entries;
      return Promise.all([json("notices"), search.byClause(chosen) ? json("clauses") : null]).then(function (read) {
        var keep = search.byClause(chosen) ? clauseFilter(read[1], chosen) : null, allowed = {};
        read[0].notices.forEach(function (row) {
          var place = read[0].places[row[2]];
          if (chosen.place && place !== chosen.place && place.indexOf(chosen.place + "/") !== 0) return;
          if (chosen.year && row[3] !== chosen.year) return;
          if (!keep || keep[row[1]]) allowed[row[0]] = true;
        });
        return entries.filter(function (entry) { return allowed[entry.id]; });
      });
    }

    // 通知编号 → 合条件的条款
    function clauseFilter(data, chosen) {
      var allowed = {};
      Object.keys(data.notices).forEach(function (id) {
        data.notices[id].forEach(function (row) {
          function names(list, at) { return at.map(function (i) { return list[i]; }); }
          if (!search.suits(chosen, names(data.topics, row[1]), names(data.units, row[2]), row[3])) return;
          (allowed[id] = allowed[id] || {})[row[0]] = true;
        });
      });
      return allowed;
    }

    return {
      file: json,
      ready: start,
      find: function (words, chosen) {
        return start().then(function (engine) {
          var asked = words.reduce(function (all, word) { return all.concat(phrases(word)); }, []);
          return Promise.all(asked.length ? asked.map(function (phrase) { return engine.search(phrase); }) : [engine.search(null)]);
        }).then(meet).then(function (entries) { return narrow(entries, chosen); });
      },
      // 一个函数：这一条合不合筛选条件
      keep: function (chosen) {
        if (!search.byClause(chosen)) return Promise.resolve(function () { return true; });
        return json("clauses").then(function (data) {
          var allowed = clauseFilter(data, chosen);
          return function (notice, clause) { return Boolean(allowed[notice.id] && allowed[notice.id][clause.anchor]); };
        });
      }
    };
  };
})();
