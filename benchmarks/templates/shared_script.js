(function(w,d){
  var timer=null,size=16;
  function $id(i){return d.getElementById(i);}
  w.doZoom=function(n){var z=$id('zoom')||$id('main-text');if(!z){return;}size=n;z.style.fontSize=n+'px';
    var c=z.getElementsByTagName('*');for(var i=0;i<c.length;i++){c[i].style.fontSize=n+'px';c[i].style.lineHeight=(n*2)+'px';}};
  w.doPrint=function(){var b=d.body.innerHTML;if(w.ActiveXObject||'ActiveXObject' in w){w.print();}else{setTimeout(function(){w.print();},50);}return b.length;};
  w.setCookie=function(k,v,days){var e=new Date();e.setTime(e.getTime()+days*864e5);d.cookie=k+'='+encodeURIComponent(v)+';expires='+e.toGMTString()+';path=/';};
  w.getCookie=function(k){var m=d.cookie.match(new RegExp('(^| )'+k+'=([^;]*)(;|$)'));return m?decodeURIComponent(m[2]):'';};
  w.shareTo=function(t){var u=encodeURIComponent(location.href),s=encodeURIComponent(d.title);
    var m={weibo:'/share/weibo?url='+u+'&title='+s,wechat:'/share/qr?url='+u,qzone:'/share/qzone?url='+u+'&desc='+s};
    if(m[t]){w.open(m[t],'_blank','width=640,height=480');}return false;};
  w.search=function(){var k=$id('keyword');if(!k||k.value===''||k.value==='请输入关键字'){w.alert('请输入关键字');return false;}
    location.href='/search/index.html?q='+encodeURIComponent(k.value);return false;};
  function menu(){var l=d.querySelectorAll?d.querySelectorAll('li'):[];for(var i=0;i<l.length;i++){
    l[i].onmouseover=function(){clearTimeout(timer);this.className+=' on';};
    l[i].onmouseout=function(){var s=this;timer=setTimeout(function(){s.className=s.className.replace(' on','');},120);};}}
  if(w.addEventListener){w.addEventListener('load',menu,false);}else if(w.attachEvent){w.attachEvent('onload',menu);}
  var mobile=/Android|webOS|iPhone|iPod|BlackBerry|IEMobile/i.test(navigator.userAgent);
  if(mobile&&d.documentElement){d.documentElement.className+=' mobile';}
})(window,document);
