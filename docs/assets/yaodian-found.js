// 从检索来的：网址里的 ?h=词（可以有几个）在正文里着色；打开的那一条的工具里多一个“取消标记”。
// 全角半角、大小写、各种括号不分，和检索时一样。
// 另外记下读的是哪个省的通知，下次检索先查那里。
(function () {
  "use strict";
  var about = document.getElementById("y-notice");
  if (about) window.yaodian.set("place", about.getAttribute("data-id").split("-")[0]);
  var reading = window.yaodian && window.yaodian.reading;
  if (!reading) return;
  var modern = window.CSS && CSS.highlights && window.Highlight;
  var ALIKE = { "〔": "[", "［": "[", "【": "[", "〕": "]", "］": "]", "】": "]" };

  function folded(text) {
    return text.split("").map(function (c) {
      var plain = (ALIKE[c] || c.normalize("NFKC")).toLowerCase();
      return plain.length === 1 ? plain : c; // 一个字还是一个字，位置才对得上
    }).join("");
  }

  function texts(block) {
    var walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    var nodes = [];
    while (walker.nextNode()) {
      if (!walker.currentNode.parentElement.closest(".y-own, .headerlink")) nodes.push(walker.currentNode);
    }
    return nodes;
  }

  // 一段里各个词的位置，先后排好，互不重叠
  function spans(text, words) {
    var found = [];
    words.forEach(function (word) {
      for (var at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) found.push([at, at + word.length]);
    });
    found.sort(function (a, b) { return a[0] - b[0] || b[1] - a[1]; });
    var end = 0;
    return found.filter(function (span) {
      var apart = span[0] >= end;
      if (apart) end = span[1];
      return apart;
    });
  }

  function ranges(block, words) {
    var nodes = texts(block);
    var text = folded(nodes.map(function (node) { return node.data; }).join(""));
    return spans(text, words).map(function (span) {
      var range = document.createRange(), offset = 0;
      nodes.forEach(function (node) {
        var end = offset + node.length;
        if (span[0] >= offset && span[0] < end) range.setStart(node, span[0] - offset);
        if (span[1] > offset && span[1] <= end) range.setEnd(node, span[1] - offset);
        offset = end;
      });
      return range;
    });
  }

  // 旧浏览器：逐段文字包上 <mark>；从后往前，前面的位置不变
  function wrap(range) {
    var start = range.startContainer, end = range.endContainer, from = range.startOffset, to = range.endOffset;
    var root = range.commonAncestorContainer;
    texts(root.nodeType === Node.TEXT_NODE ? root.parentNode : root).reverse().forEach(function (node) {
      if (!range.intersectsNode(node)) return;
      if (node === end) node.splitText(to);
      var piece = node === start ? node.splitText(from) : node;
      var hit = reading.make("mark", "y-found");
      piece.parentNode.insertBefore(hit, piece);
      hit.appendChild(piece);
    });
  }

  function unwrap(hit) {
    var parent = hit.parentNode;
    while (hit.firstChild) parent.insertBefore(hit.firstChild, hit);
    hit.remove();
    parent.normalize();
  }

  var words = new URLSearchParams(location.search).getAll("h").map(function (word) {
    return folded(word.replace(/\s+/g, ""));
  }).filter(Boolean);
  var found = [];
  if (words.length) {
    reading.clauses.forEach(function (clause) {
      [clause.heading].concat(clause.parts).forEach(function (block) { found = found.concat(ranges(block, words)); });
    });
  }
  if (!found.length) return;
  if (modern) CSS.highlights.set("y-found", new Highlight(...found)); else found.slice().reverse().forEach(wrap);

  // 没有指明哪一条的，放在第一条有这些词的里面
  var landed = document.querySelector(".y-landed") || found[0].startContainer.parentElement;
  var clause = reading.clauses.find(function (one) {
    return [one.heading].concat(one.parts).some(function (block) { return block.contains(landed); });
  });
  var clear = clause.tools.appendChild(reading.make("button", "y-tool y-unmark", "取消标记（" + found.length + "处）"));
  clear.addEventListener("click", function () {
    if (modern) CSS.highlights.delete("y-found");
    Array.prototype.forEach.call(document.querySelectorAll("mark.y-found"), unwrap);
    history.replaceState(null, "", location.pathname + location.hash);
    clause.tools.querySelector("button").focus({ preventScroll: true });
    clear.remove();
    window.yaodian.say("已取消标记。");
  });
})();
