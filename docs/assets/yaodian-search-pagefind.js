// 检索的第二部分：从 Pagefind 的索引里找通知。索引由 scripts/notices/publish/search/ 做成，通知多的时候一个省一份，
// bundles.json 列出有哪几份。一个字一个词，所以带引号的查询就是按字面查；标点和空格写成索引不理会的记号，这里再还原成发布的文字。
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

  // 一个词用哪几段去查索引。长的只用头尾各四个字：少取几块索引；是不是真有，反正要在文字里逐字核对。
  function phrases(word) {
    var letters = search.letters(word);
    var pieces = letters.length > 8 ? [letters.slice(0, 4), letters.slice(-4)] : [letters];
    return pieces.map(function (piece) { return "\"" + piece.join(" ") + "\""; });
  }
  function better(a, b) { return b.score - a.score || (a.id < b.id ? -1 : 1); }

  // 每段各查一次，取都有的通知；按 Pagefind 的打分排
  function meet(lists, load) {
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
    }).sort(better);
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

  // 先取着：Pagefind 稍后要取的文件，名字已经知道了，不必等它一个一个地问
  function ahead(address) {
    var link = document.createElement("link");
    link.rel = "preload";
    link.as = "fetch";
    link.crossOrigin = "anonymous";
    link.href = address;
    document.head.appendChild(link);
  }

  search.pagefindSource = function (root) {
    var top = root + "pagefind/", files = {}, bundles = {}, script, first = null;

    // 取过的不再取；没有取到的，下一次再试
    function json(address) {
      files[address] = files[address] || fetch(address).then(function (answer) {
        if (!answer.ok) throw new Error(address);
        return answer.json();
      }).catch(function (error) {
        delete files[address];
        throw error;
      });
      return files[address];
    }
    function engine() {
      script = script || import(top + "pagefind.js");
      return script;
    }

    // Pagefind 的引擎只有一个，由第一份索引装好；两份同时装，内存会串，所以别的等它。没有装成的不算，换下一份来装。
    function opened(options) {
      return engine().then(function attempt(made) {
        if (first) return first.then(function () { return made.createInstance(options); }, function () { return attempt(made); });
        var instance = made.createInstance(options);
        first = instance.filters(); // 装好了才有回答
        first.catch(function () { first = null; });
        return instance;
      });
    }

    // 一份索引
    function index(part) {
      var base = top + part.folder, instance, texts = {};
      function warm() { // 只在打开网页时：没有取到的，浏览器会记着，再试也还是没有
        ahead(base + "pagefind-entry.json?ts=" + part.tag);
        ahead(base + "pagefind." + part.meta + ".pf_meta");
        return start();
      }
      function start() {
        // 索引小，不必另开线程：少取一个文件，少等一次
        instance = instance || opened({ basePath: base, metaCacheTag: part.tag, noWorker: true });
        return instance;
      }
      function load(result) {
        texts[result.id] = texts[result.id] || result.data().then(parsed);
        return texts[result.id];
      }
      // 只留下筛选条件里的通知
      function narrow(entries, chosen) {
        if (!chosen.place && !chosen.year && !search.byClause(chosen)) return entries;
        return Promise.all([json(base + "notices.json"), search.byClause(chosen) ? json(base + "clauses.json") : null]).then(function (read) {
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
      return {
        warm: warm,
        find: function (words, chosen) {
          return start().then(function (made) {
            var asked = words.reduce(function (all, word) { return all.concat(phrases(word)); }, []);
            return Promise.all(asked.length ? asked.map(function (phrase) { return made.search(phrase); }) : [made.search(null)]);
          }).then(function (lists) { return narrow(meet(lists, load), chosen); }).catch(function (error) {
            instance = null; // 可以再试
            throw error;
          });
        },
        clauses: function () { return json(base + "clauses.json"); }
      };
    }

    // 一个省：多数只有一份索引，特别大的省有几份
    function at(bundle) {
      var parts = bundle.parts.map(index);
      return {
        warm: function () { return Promise.all(parts.map(function (part) { return part.warm(); })); },
        file: function (name) { return json(top + (bundle.slug ? bundle.slug + "/" : "") + name + ".json"); },
        find: function (words, chosen) {
          var narrowed = Object.assign({}, chosen, { place: chosen.place === bundle.name ? "" : chosen.place });
          return Promise.all(parts.map(function (part) { return part.find(words, narrowed); })).then(function (lists) {
            return lists.length === 1 ? lists[0] : [].concat.apply([], lists).sort(better);
          });
        },
        // 一个函数：这一条合不合筛选条件
        keep: function (chosen) {
          if (!search.byClause(chosen)) return Promise.resolve(function () { return true; });
          return Promise.all(parts.map(function (part) { return part.clauses(); })).then(function (all) {
            var allowed = Object.assign.apply(null, [{}].concat(all.map(function (data) { return clauseFilter(data, chosen); })));
            return function (notice, clause) { return Boolean(allowed[notice.id] && allowed[notice.id][clause.anchor]); };
          });
        }
      };
    }

    return {
      list: function () { return json(top + "bundles.json"); },
      file: function (name) { return json(top + name + ".json"); },
      at: function (bundle) {
        bundles[bundle.slug] = bundles[bundle.slug] || at(bundle);
        return bundles[bundle.slug];
      },
      // 输入框还没有画出来，就开始取一定用得着的；每次都一样的，写在 search.md 的 ahead 里，取得更早
      begin: function () {
        var self = this;
        engine().catch(function () { /* 用到时再说 */ });
        return this.list().then(function (list) {
          var slug = search.placeOf(list, new URLSearchParams(location.search).get("place") || "");
          var found = list.find(function (one) { return one.slug === slug; });
          return found ? self.at(found).warm() : null;
        }).catch(function () { /* 用到时再说 */ });
      }
    };
  };

  // 查哪一个省：网址里写的（浙江省、浙江省/嘉兴市、zhejiang），没有写就是上次选的或上次读的；只有一份时就是它。
  // 都没有，或写的不认识，是 null；全国是 "*"。
  // exact：只认写的，不看上次的。
  search.placeOf = function (list, place, exact) {
    var name = place.split("/")[0] || !exact && window.yaodian.get("place") || "";
    if (list.length === 1) return list[0].slug;
    if (place === search.ALL) return "*";
    var found = list.find(function (one) { return one.name === name || one.slug === name; });
    return found ? found.slug : null;
  };
  search.ALL = "全国"; // 选项和网址里的写法

  if (location.protocol !== "file:" && document.getElementById("y-search")) {
    search.source = search.pagefindSource(window.yaodian.root);
    search.source.begin();
  }
})();
