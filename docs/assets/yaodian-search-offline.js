// 检索的第三部分：离线副本，只有那里才读这个文件。浏览器不让 file:// 的页面取文件，Pagefind 用不了，
// 改读 assets/yaodian-offline.js 列出的各省文字（离线压缩包里才有），逐条查字面。
(function () {
  "use strict";
  var search = window.yaodianSearch;

  search.offlineSource = function (root) {
    var notices = new Map(), taken = 0;

    function start() {
      return search.script(root + "assets/yaodian-offline.js").then(function () { return window.yaodianOffline; });
    }
    // 把新读进来的通知备好
    function take() {
      var all = window.yaodianIndex || [];
      all.slice(taken).forEach(function (record) {
        notices.set(record.id, search.prepare({
          id: record.id, head: record.head,
          clauses: record.clauses.map(function (row) {
            return { anchor: row[0], label: row[1], title: row[2], text: row[3], topics: row[4], units: row[5], target: row[6] };
          })
        }));
      });
      taken = all.length;
    }
    function has(notice, word) {
      return notice.name.indexOf(word) >= 0 || notice.clauses.some(function (clause) { return clause.low.indexOf(word) >= 0; });
    }

    return {
      file: function (name) { return start().then(function (whole) { return whole[name]; }); },
      ready: start,
      find: function (words, chosen) {
        var province = (chosen.place || "").split("/")[0];
        return start().then(function (whole) {
          return Promise.all(whole.parts.filter(function (part) {
            return !province || part[1].indexOf(province) >= 0;
          }).map(function (part) { return search.script(root + part[0]); }));
        }).then(function () {
          take();
          return Array.from(notices.values()).filter(function (notice) {
            if (chosen.place && (notice.head[0] + "/").indexOf(chosen.place + "/") !== 0) return false;
            if (chosen.year && notice.year !== chosen.year) return false;
            return words.every(has.bind(null, notice));
          }).map(function (notice) {
            return { id: notice.id, score: 0, load: function () { return Promise.resolve(notice); } };
          });
        });
      },
      keep: function (chosen) {
        return Promise.resolve(function (notice, clause) {
          return !search.byClause(chosen) || search.suits(chosen, clause.topics, clause.units, clause.target);
        });
      }
    };
  };
})();
