// 换了网址的旧页：带着读者网址里的 #锚点，转到新的网址。不用 <meta refresh>，它会丢掉锚点。
(function () {
  "use strict";
  var link = document.getElementById("new");
  if (!link) return;
  if (!link.hash) link.hash = location.hash;
  location.replace(link.href);
})();
