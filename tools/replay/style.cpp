#include "tools/replay/style.h"

namespace vellum::replay {

namespace {

constexpr std::string_view kStyleSheet = R"css(
:root{color-scheme:light dark;--paper:#fdfcf9;--card:#fff;--ink:#1d2126;--soft:#5b6470;--line:#e2dfd6;--link:#0b5c8a;
--good:#1f6b3a;--good-bg:#e3f3e8;--bad:#8a3a0b;--bad-bg:#fbeadf;--plain-bg:#eeece5}
@media (prefers-color-scheme:dark){:root{--paper:#15181c;--card:#1c2026;--ink:#e6e4df;--soft:#a0a8b2;--line:#30363e;
--link:#7cc0ea;--good:#8fd6a6;--good-bg:#1d3325;--bad:#f0b48c;--bad-bg:#3a281d;--plain-bg:#2a3038}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
"Noto Sans",sans-serif;overflow-wrap:anywhere}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:2px}
a:focus-visible,input:focus-visible,button:focus-visible,summary:focus-visible{outline:3px solid var(--link);
outline-offset:2px}
.skip{position:absolute;left:-99em}.skip:focus{left:1em;top:.5em;background:var(--card);padding:.3em .8em}
.top{border-bottom:1px solid var(--line);background:var(--card)}
.top>div,main,footer{max-width:72rem;margin:0 auto;padding:0 1.25rem}
.top>div{display:flex;flex-wrap:wrap;gap:.6rem 1.5rem;align-items:center;padding-top:.7rem;padding-bottom:.7rem}
.brand{font:600 1.25rem Georgia,"Noto Serif",serif;color:inherit;text-decoration:none}
form{display:flex;flex:1 1 22rem;gap:.5rem}
input{flex:1;min-width:0;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);
border-radius:6px;
padding:.35rem .7rem}
button{font:inherit;color:var(--card);background:var(--link);border:0;border-radius:6px;padding:.35rem 1rem;
cursor:pointer}
main{padding-top:1.5rem;padding-bottom:3rem}
h1{font:600 1.9rem/1.25 Georgia,"Noto Serif",serif;margin:.2rem 0 .7rem}
h2{font:600 1.2rem/1.3 Georgia,"Noto Serif",serif;margin:2.2rem 0 .6rem;padding-bottom:.25rem;
border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1rem 0 .2rem}
p{margin:.4rem 0 .8rem}
.measure{max-width:46rem}
.soft{color:var(--soft)}
.small{font-size:.875rem}
.counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.7rem;margin:0 0 1rem}
.counts>div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem .9rem}
.counts dt{color:var(--soft);font-size:.82rem}
.counts dd{margin:0;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.94rem}
th{text-align:left;color:var(--soft);font-weight:600;font-size:.82rem;white-space:nowrap}
th,td{padding:.45rem .8rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th:last-child,td:last-child{padding-right:0}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.t,time{white-space:nowrap;font-variant-numeric:tabular-nums}
td{overflow-wrap:break-word}td.wide{min-width:15rem;overflow-wrap:anywhere}
code,.mono{font:.86em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.tag{display:inline-block;border-radius:4px;padding:0 .45em;font-size:.8rem;line-height:1.5;background:var(--plain-bg);
color:var(--soft);white-space:nowrap}
.tag.good{background:var(--good-bg);color:var(--good)}
.tag.bad{background:var(--bad-bg);color:var(--bad)}
.notice{background:var(--bad-bg);color:var(--bad);border-left:4px solid var(--bad);border-radius:4px;
padding:.5rem .9rem;margin:.6rem 0}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.2rem;margin:.6rem 0}
.facts dt{color:var(--soft)}.facts dd{margin:0}
.actions{display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;margin:.8rem 0}
ol.refs{padding-left:2.2rem}ol.refs li{margin:0 0 .7rem}
ul.plain{list-style:none;padding:0}ul.plain li{margin:0 0 .4rem}
figure{margin:0 0 1.2rem;padding:.8rem;background:var(--card);border:1px solid var(--line);border-radius:8px}
figure img{display:block;max-width:100%;max-height:26rem;margin:0 0 .6rem;background:#fff}
figcaption{font-size:.94rem}
footer{padding-top:1rem;padding-bottom:2rem;color:var(--soft);font-size:.85rem}
@media (max-width:40rem){.facts{grid-template-columns:1fr}.facts dd{margin-bottom:.4rem}h1{font-size:1.5rem}}
)css";

}  // namespace

std::string_view style_sheet() {
  return kStyleSheet;
}

}  // namespace vellum::replay
