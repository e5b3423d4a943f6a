// 检索的第五部分，什么也没找到时才读这个文件：给出相近的、一定找得到的词；繁体字换成简体字。
(function () {
  "use strict";
  var search = window.yaodianSearch;
  var LONGEST = 16, OFFERED = 6;

  // 繁体换简体；没有可换的返回空串。字表只在用到时才取。
  search.simplified = function (query) {
    return search.part("hans").then(function () {
      var table = search.hans, changed = Array.from(query).map(function (c) { return table.get(c) || c; }).join("");
      return changed === query ? "" : changed;
    });
  };

  // 词的各小段：浏览器会切词就用它的，不会就一个字一段。切剩的单字连成一段，多半是它不认识的词（海宁、中台）。
  function units(word) {
    if (!window.Intl || !Intl.Segmenter) return Array.from(word);
    var pieces = Array.from(new Intl.Segmenter("zh", { granularity: "word" }).segment(word), function (one) { return one.segment; });
    return pieces.reduce(function (all, piece, i) {
      if (i && piece.length === 1 && pieces[i - 1].length === 1) all.push(all.pop() + piece);
      else all.push(piece);
      return all;
    }, []);
  }

  // 词里确实出现过的各段，从左到右每次取最长的；count(词) → Promise<几份通知里有>
  function parts(word, count) {
    var all = units(word.slice(0, LONGEST)), found = [];
    var cut = all.some(function (one) { return one.length > 1; });
    function edge(one) { return !cut || one.length > 1; } // 切得出词时，一段不以单字开头或收尾
    function from(start) {
      if (start >= all.length) return Promise.resolve(found);
      function tryEnd(end) {
        var piece = all.slice(start, end).join("");
        if (!edge(all[start]) || end === start || piece.length < 2) return from(start + 1);
        if (!edge(all[end - 1])) return tryEnd(end - 1);
        return count(piece).then(function (n) {
          if (!n) return tryEnd(end - 1);
          found.push(piece);
          return from(end);
        });
      }
      return tryEnd(all.length);
    }
    return from(0);
  }

  // 与查询共有几个字、几对相邻的字
  function likeness(query, name) {
    var score = 0, i;
    for (i = 0; i < query.length; i++) {
      if (name.indexOf(query[i]) >= 0) score += 1;
      if (i && name.indexOf(query.slice(i - 1, i + 1)) >= 0) score += 3;
    }
    return score / Math.sqrt(name.length + 2);
  }

  function ranked(query, names) {
    var low = search.words(query).join("");
    return names.map(function (name) { return [likeness(low, search.fold(name)), name]; })
      .filter(function (pair) { return pair[0] >= 1 && search.fold(pair[1]) !== low; })
      .sort(function (a, b) { return b[0] - a[0] || (a[1] < b[1] ? -1 : 1); })
      .slice(0, OFFERED * 2).map(function (pair) { return pair[1]; });
  }

  // 依次试，凑够几个找得到的
  function working(names, count, limit) {
    var found = [];
    return names.reduce(function (before, name) {
      return before.then(function () {
        return found.length >= limit ? null : count(name).then(function (n) { if (n) found.push([name, "（" + n + "份通知）"]); });
      });
    }, Promise.resolve()).then(function () { return found; });
  }

  // 几个词合在一起找不到，就把其中一个换成它的一段：海宁 空气质量 → 海宁 空气、海宁 质量
  function shorter(query) {
    var words = query.trim().split(/\s+/), all = [];
    words.forEach(function (word, i) {
      units(word.slice(0, LONGEST)).forEach(function (piece) {
        if (piece.length > 1 && piece !== word) all.push(words.slice(0, i).concat(piece, words.slice(i + 1)).join(" "));
      });
    });
    return words.length > 1 ? all : [];
  }

  // 相近的词：[查询, 说明]；count(查询) → Promise<几份通知里有>，names 是词表
  search.near = function (query, count, names) {
    var words = search.words(query);
    return words.reduce(function (before, word) {
      return before.then(function (all) { return parts(word, count).then(function (some) { return all.concat(some); }); });
    }, Promise.resolve([])).then(function (pieces) {
      var low = search.fold(query);
      var unique = pieces.filter(function (piece, i) { return pieces.indexOf(piece) === i && piece !== low; })
        .map(function (piece) { return query.substr(low.indexOf(piece), piece.length); }); // 照读者的写法
      var offers = (unique.length > 1 ? [unique.join(" ")] : []).concat(shorter(query), unique.slice(0, OFFERED), ranked(query, names));
      return working(offers.filter(function (offer, i) { return offers.indexOf(offer) === i; }), count, OFFERED);
    });
  };
})();
