// 检索的第一部分：只处理文字，不碰页面，也不取文件。
// 把查询切成词，在条款里按字面找，给找到的条款排先后。
(function () {
  "use strict";
  var search = window.yaodianSearch = window.yaodianSearch || {};

  // 这些字当作同一个字；都是一个换一个，位置才对得上
  var SAME = { "[": "〔【［〖", "]": "〕】］〗", "\"": "“”„‟「」『』", "'": "‘’", "-": "~～〜–—―‐‑−", "·": "•・‧∙" };
  var same = {};
  Object.keys(SAME).forEach(function (to) { SAME[to].split("").forEach(function (from) { same[from] = to; }); });

  function foldOne(c) {
    if (same[c]) return same[c];
    var code = c.charCodeAt(0);
    if (code > 0xff00 && code < 0xff5f) c = String.fromCharCode(code - 0xfee0);
    else if (code === 0x3000 || code === 0xa0) return " ";
    var low = c.toLowerCase();
    return low.length === 1 ? low : c;
  }

  // 全角和半角、大写和小写、各种括号引号连接号折成一种写法，长度不变
  search.fold = function (text) { return text.replace(/[^\u3001-\u3007\u4e00-\u9fff]/g, foldOne); };

  // 查询里的词：空格隔开；引号里的是一个词。没有字母、数字、汉字的不算词。
  search.words = function (query) {
    var found = [], pattern = /["“”]([^"“”]+)["“”](?=\s|$)|(\S+)/g, part, word;
    while ((part = pattern.exec(query))) {
      word = search.fold((part[1] || part[2]).trim());
      if (search.letters(word).length && found.indexOf(word) < 0) found.push(word);
    }
    return found;
  };

  // 索引里算字的那些：标点、空格和符号不算
  var LETTER;
  try { LETTER = new RegExp("[\\p{L}\\p{Nd}\\p{Nl}]", "u"); } catch (error) { // 2020年以前的浏览器
    LETTER = /[0-9A-Za-z\u00c0-\u024f\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\ud800-\udbff]/;
  }
  search.letters = function (text) { return Array.from(text).filter(function (c) { return LETTER.test(c); }); };

  // 一份通知备好来查：折叠过的名称和条款。text 前面带上印出来的编号。
  search.prepare = function (notice) {
    notice.name = search.fold(notice.head.join("\n").replace(/\//g, ""));
    notice.year = notice.head[1];
    notice.clauses.forEach(function (clause, order) {
      clause.order = order;
      clause.skip = clause.label.length;
      clause.printed = clause.label + clause.text;
      clause.low = search.fold(clause.printed);
      clause.lowTitle = search.fold(clause.title);
    });
    return notice;
  };

  // 词在条款里的各个位置；只落在编号里的不算（查“11”不该得到每份的第11项）
  search.places = function (clause, word) {
    var found = [], at = clause.low.indexOf(word);
    while (at >= 0) {
      if (at + word.length > clause.skip) found.push(at);
      at = clause.low.indexOf(word, at + 1);
    }
    return found;
  };

  function glued(a, b) { return /[0-9]/.test(a) && /[0-9]/.test(b) || /[a-z]/.test(a) && /[a-z]/.test(b); }

  // 数字或外文词两头都断开：90 在“90%”里是，在“1990”里不是
  function whole(low, at, length) {
    var end = at + length, before = low[at - 1] || "", after = low[end] || "";
    if (before === "." && /[0-9]/.test(low[at - 2] || "")) before = "0";
    if (after === "." && /[0-9]/.test(low[end + 1] || "")) after = "0";
    return !glued(before, low[at]) && !glued(low[end - 1], after);
  }

  // 一个条款与几个词：各有几处、标题里有几个词、有几个词两头断开
  function weigh(clause, words) {
    var hit = { clause: clause, has: [], titled: 0, whole: 0, count: 0 };
    words.forEach(function (word) {
      var at = search.places(clause, word);
      hit.has.push(at.length > 0);
      hit.count += at.length;
      if (clause.lowTitle.indexOf(word) >= 0) hit.titled++;
      if (at.some(function (i) { return whole(clause.low, i, word.length); })) hit.whole++;
    });
    return hit;
  }

  // 一份通知里找到的，分三组：together 几个词在同一条里；named 有的词在通知的名称、地区、年份里，其余在这一条里；
  // apart 几个词都在，但在不同的条里。什么也没有时返回 null。keep(条款) 决定哪些条款算数。
  search.match = function (notice, words, keep) {
    var inName = words.map(function (word) { return notice.name.indexOf(word) >= 0; });
    var hits = notice.clauses.filter(keep).map(function (clause) { return weigh(clause, words); });
    var found = { notice: notice, together: [], named: [], apart: [], titled: words.length > 0 && inName.every(Boolean) };
    hits.forEach(function (hit) {
      if (hit.has.every(Boolean)) found.together.push(hit);
      else if (hit.has.some(Boolean) && hit.has.every(function (has, i) { return has || inName[i]; })) found.named.push(hit);
    });
    if (!found.together.length && !found.named.length && words.length > 1) {
      var some = hits.filter(function (hit) { return hit.has.some(Boolean); });
      if (words.every(function (word, i) { return some.some(function (hit) { return hit.has[i]; }); })) found.apart = some;
    }
    ["together", "named", "apart"].forEach(function (group) { found[group].sort(search.compare); });
    return found.together.length || found.named.length || found.apart.length || found.titled ? found : null;
  };

  // 按条款筛选的有没有选
  search.byClause = function (chosen) { return Boolean(chosen.topic || chosen.unit || chosen.target); };

  // 条款合不合：单位写一部分也行
  search.suits = function (chosen, topics, units, target) {
    if (chosen.topic && topics.indexOf(chosen.topic) < 0) return false;
    if (chosen.unit && !units.some(function (unit) { return unit.indexOf(chosen.unit) >= 0; })) return false;
    return !chosen.target || Boolean(target);
  };

  // 先后：同一条里词多的、标题里有的、两头断开的、次数多的在前
  search.compare = function (a, b) {
    function distinct(hit) { return hit.has.filter(Boolean).length; }
    return distinct(b) - distinct(a) || b.titled - a.titled || b.whole - a.whole || b.count - a.count
      || a.clause.order - b.clause.order;
  };

  // 通知的先后：看最好的一条，再看年份，新的在前
  search.compareNotices = function (group) {
    return function (a, b) {
      if (!a[group].length || !b[group].length) return b[group].length - a[group].length;
      var first = a[group][0], second = b[group][0];
      return second.titled - first.titled || second.whole - first.whole || second.count - first.count
        || (b.notice.year > a.notice.year ? 1 : b.notice.year < a.notice.year ? -1 : 0)
        || (a.notice.id < b.notice.id ? -1 : 1);
    };
  };

  // 要加底色的起止，相叠的并成一段
  search.ranges = function (clause, words) {
    var all = [];
    words.forEach(function (word) {
      search.places(clause, word).forEach(function (at) { all.push([at, at + word.length]); });
    });
    all.sort(function (a, b) { return a[0] - b[0] || b[1] - a[1]; });
    return all.reduce(function (merged, range) {
      var last = merged[merged.length - 1];
      if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
      else merged.push(range.slice());
      return merged;
    }, []);
  };

  // 标题以后的文字里取一两段上下文：[起, 止]
  search.windows = function (clause, ranges) {
    var from = clause.skip + clause.title.length, text = clause.printed, found = [];
    while (from < text.length && /[。．.：:\s]/.test(text[from])) from++;
    ranges.filter(function (range) { return range[1] > from; }).forEach(function (range) {
      var last = found[found.length - 1];
      var start = Math.max(from, range[0] - 26), end = Math.min(text.length, range[1] + 44);
      while (start > from && start < range[0] && /[，、。；：！？）》”]/.test(text[start])) start++; // 不从标点开头
      if (last && start <= last[1]) last[1] = Math.min(end, last[0] + 160);
      else if (found.length < 2) found.push([start, end]);
    });
    return found.length || from >= text.length ? found : [[from, Math.min(text.length, from + 70)]];
  };
})();
