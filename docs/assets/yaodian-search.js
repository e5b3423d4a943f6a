/* 站内搜索：在浏览器的后台线程里逐条查字面。
 * 主题自带的搜索按词典切词，中文常查不到或查错（“11号”没有结果，“医共体”第一条不含这个词），
 * 所以用这个文件代替它的 worker；界面和索引文件仍是主题的。
 * 约定（Material 9.8）：收 {type:0,data:{docs}} 回 {type:1}；收 {type:2,data:查询} 回 {type:3,data:{items}}。 */
"use strict";
var records = [], pages = {};

/* 全角与半角、大写与小写、各种括号当作同一个字；长度不变，位置才对得上 */
function fold(text) {
  return text.replace(/[\uff01-\uff5e]/g, function (c) { return String.fromCharCode(c.charCodeAt(0) - 0xfee0); })
    .replace(/[〔【]/g, "[").replace(/[〕】]/g, "]").replace(/[A-Z]/g, function (c) { return c.toLowerCase(); });
}
function plain(html) {
  return html.replace(/\u200b/g, "").replace(/<[^>]*>/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"').replace(/&#(\d+);/g, function (_, n) { return String.fromCharCode(n); })
    .replace(/&amp;/g, "&").replace(/\s+/g, " ").trim();
}
function escape(text) { return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;"); }

/* 给出现的词加 <mark>；text 是原文，terms 已折叠 */
function mark(text, terms) {
  var folded = fold(text), out = "", at = 0, next, term;
  for (;;) {
    next = -1;
    terms.forEach(function (t) { var i = folded.indexOf(t, at); if (i >= 0 && (next < 0 || i < next)) { next = i; term = t; } });
    if (next < 0) return out + escape(text.slice(at));
    out += escape(text.slice(at, next)) + "<mark>" + escape(text.slice(next, next + term.length)) + "</mark>";
    at = next + term.length;
  }
}
function excerpt(record, terms) {
  var first = Math.min.apply(null, terms.map(function (t) { var i = record.text.indexOf(t); return i < 0 ? Infinity : i; }));
  if (first === Infinity) first = 0;
  var start = first > 30 ? first - 24 : 0, end = start + 110;
  return (start ? "……" : "") + mark(record.body.slice(start, end), terms) + (end < record.body.length ? "……" : "");
}

/* 每个词都要出现在同一条里；标题里有的排前，其次看次数 */
function search(query) {
  var terms = fold(query).split(/[\s"+*]+/).filter(Boolean), found = {};
  if (!terms.length) return [];
  records.forEach(function (record) {
    var score = 0;
    for (var i = 0; i < terms.length; i++) {
      var hits = record.text.split(terms[i]).length - 1, titled = record.title.includes(terms[i]);
      if (!hits && !titled) return;
      score += hits + (titled ? 10 : 0);
    }
    (found[record.page] = found[record.page] || []).push({ record: record, score: score });
  });
  var shown = {};
  query.split(/[\s"+*]+/).filter(Boolean).forEach(function (t) { shown[t] = true; }); /* 打开页面后照这个标出 */
  return Object.keys(found).map(function (page) {
    var hits = found[page].sort(function (a, b) { return b.score - a.score; });
    var items = hits.filter(function (h) { return h.record.location !== page; }).map(function (h, rank) {
      return { location: h.record.location, title: mark(h.record.name, terms), text: excerpt(h.record, terms), terms: shown, score: rank < 5 ? 1 : 0 };
    });
    var self = hits.find(function (h) { return h.record.location === page; });
    var head = { location: page, title: mark(pages[page] || page, terms), text: self ? excerpt(self.record, terms) : "", terms: shown, score: 1 };
    return { best: hits[0].score + (page.indexOf("notices/") === 0 ? 1000 : 0), /* 通知排在说明页前 */ items: items.length ? items.concat(head) : [head] };
  }).sort(function (a, b) { return b.best - a.best; }).map(function (page) { return page.items; });
}

addEventListener("message", function (event) {
  if (event.data.type === 0) {
    event.data.data.docs.forEach(function (doc) {
      var name = plain(doc.title), body = plain(doc.text), page = doc.location.split("#")[0];
      var record = { location: doc.location, page: page, name: name, title: fold(name), body: body, text: fold(body) };
      if (doc.location === page) { /* “全县工作要点”看不出是哪里的，结果里加上发文机关 */
        var issuer = /^发文机关\s*(.+?)\s*发文字号/.exec(body);
        pages[page] = issuer && issuer[1] !== "未载明" ? name + " · " + issuer[1] : name;
      }
      records.push(record);
    });
    postMessage({ type: 1 });
  } else if (event.data.type === 2) {
    postMessage({ type: 3, data: { items: search(event.data.data) } });
  }
});
