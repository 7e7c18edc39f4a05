/** The colours of the website: lacquer black, copper, paper. By day, by night, and in print, where it is always day. */
const day = `
--paper:#eceeea;--sheet:#f7f8f5;--ink:#1b211e;--ink-soft:#545e58;--line:#cdd3cc;--line-soft:#dde1dc;
--cut:#ad4f18;--good:#2c6e4a;--note:#855400;--bad:#a52f23;
--mix:#66716b;--range:#b4531b2e;--region:#2c6e4a24;--grid:#1b211e14;--axis:#1b211e66;--deepest:#b4531b4d;--mean:#b4531b`;
const night = `
--paper:#0f1311;--sheet:#171c19;--ink:#e6eae4;--ink-soft:#a0aaa3;--line:#37403b;--line-soft:#262d29;
--cut:#ec9a5f;--good:#7fc79b;--note:#e2b45c;--bad:#f0897b;
--mix:#97a39b;--range:#ec9a5f33;--region:#7fc79b24;--grid:#e6eae417;--axis:#e6eae466;--deepest:#ec9a5f4d;--mean:#ec9a5f`;
const lacquer = `
--ink:#edf0ea;--ink-soft:#a3ada6;--line:#39423d;--cut:#ec9a5f;--good:#8fd0a8;--note:#e2b45c;--bad:#f0897b;
--mix:#a9b5ad;--grid:#edf0ea17;--axis:#edf0ea66`;

export const style = `
:root{color-scheme:light dark;${day};
--lacquer:#121614;--lacquer-high:#1e2421;
--display:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua","URW Palladio L",Georgia,serif;
--text:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
--mono:ui-monospace,"SF Mono","Cascadia Mono","Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{${night};--lacquer:#080a09;--lacquer-high:#141916}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 var(--text);font-variant-numeric:tabular-nums lining-nums}
h1,h2,h3,p,ul,ol,dl,dd,figure,table{margin:0;padding:0}
ul,ol{list-style:none}
h1,h2,h3{font-family:var(--display);font-weight:500;line-height:1.1;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:clamp(1.45rem,1.2rem + 1vw,1.9rem)}
h3{font-size:1.3rem}
.masthead,main,.foot{width:min(100% - 2rem,66rem);margin-inline:auto}
.masthead{display:flex;justify-content:space-between;align-items:center;gap:1rem;padding-block:1rem}
.wordmark{display:flex;align-items:center;gap:.5rem;font:1.35rem var(--display)}
.wordmark svg{width:1.6rem;height:1.6rem}
.kind{color:var(--ink-soft);font-size:.84rem}
.sleeve{${lacquer};position:relative;overflow:hidden;border-radius:1rem;color:var(--ink);
background:radial-gradient(120% 140% at 72% -20%,var(--lacquer-high),var(--lacquer) 62%);padding:clamp(1.2rem,3.5vw,2.6rem)}
.label{display:grid;grid-template-columns:1fr auto;gap:1rem 2rem;align-items:center}
.label h1{font-size:clamp(1.8rem,1.2rem + 3vw,3.3rem);overflow-wrap:anywhere}
.label h1.long{font-size:clamp(1.3rem,1.1rem + 1.2vw,2rem);line-height:1.18}
.artists{font:italic 1.2rem/1.3 var(--display);padding-block-start:.25rem;overflow-wrap:anywhere}
.song-facts{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;color:var(--ink-soft);padding-block:.5rem 1.2rem}
.disc{width:clamp(6.5rem,21vw,13rem);height:auto;aspect-ratio:1}
.groove{fill:none;stroke:#39423d}.cut-groove{fill:none;stroke:var(--cut)}.disc-range{fill:#ec9a5f3d}.disc-label{fill:var(--cut)}.hole{fill:var(--lacquer)}
.verdict{display:inline-flex;align-items:center;gap:.45em;font-weight:600;white-space:nowrap}
.verdict svg{width:1.15em;height:1.15em;flex:none}
.good{color:var(--good)}.note{color:var(--note)}.bad{color:var(--bad)}
.seal{font-size:1.15rem;padding:.32rem .95rem .32rem .7rem;border:1.5px solid currentColor;border-radius:99rem}
.headline{display:grid;justify-items:start;gap:.6rem}
.headline p:last-child{max-width:44ch;color:var(--ink-soft)}
.sleeve figure{padding-block-start:1.6rem}
section{padding-block:clamp(1.8rem,4vw,2.8rem) 0}
section>h2{padding-block-end:.9rem}
.lead{color:var(--ink-soft);padding-block-end:.9rem;max-width:66ch}
.chart{display:block;overflow:visible}
figure{padding-inline-start:2.5rem}
figcaption{margin-inline-start:-2.5rem}
.chart path{vector-effect:non-scaling-stroke;fill:none}
.chart .line{stroke-width:1;stroke-linejoin:round}
.line.mix{stroke:var(--mix);stroke-width:1.5}.line.master{stroke:var(--cut);stroke-width:1.75}
.tone .line.mix{stroke-width:4;opacity:.45}
.line.target{stroke:var(--ink-soft);stroke-dasharray:4 4}
.line.grid{stroke:var(--grid)}.line.axis{stroke:var(--axis)}
.chart .area.range{fill:var(--range)}.chart .area.region{fill:var(--region)}
.chart .area.deepest{fill:var(--deepest)}.chart .area.mean{fill:var(--mean)}
.chart text{fill:var(--ink-soft);font:11.5px var(--text)}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;font-size:.84rem;color:var(--ink-soft);padding-block-start:.3rem}
.legend li{display:flex;align-items:center;gap:.45em}
.legend svg{width:1.3em;height:.8em;overflow:visible}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:.94rem}
caption{text-align:start;color:var(--ink-soft);font-size:.84rem;padding-block-end:.3rem}
th,td{font-weight:400;text-align:end;padding:.42rem 0 .42rem .9rem;border-block-end:1px solid var(--line-soft);white-space:nowrap}
th:first-child{text-align:start;padding-inline-start:0;white-space:normal}
thead th{font-size:.84rem;color:var(--ink-soft);vertical-align:bottom;border-block-end-color:var(--line)}
.unit{display:block;font-size:.85em;opacity:.85}
tbody th small{display:block;color:var(--ink-soft);font-size:.82em}
.overview tbody tr:first-child{color:var(--ink-soft)}
.overview td:nth-child(2){font-weight:600;font-size:1.06em}
.overview td:last-child{font-size:.9em}.overview td:last-child,.overview .verdict{white-space:normal}
.spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
details{margin-block-start:.7rem}
summary{cursor:pointer;color:var(--ink-soft);font-size:.9rem;width:fit-content}
.numbers{max-width:34rem}
.heard{display:grid;gap:.35rem;padding-block-end:1.1rem}
.heard li{display:grid;grid-template-columns:1.3em 1fr;gap:.4em}
.heard .info{color:var(--ink-soft)}
.heard svg{width:1.1em;height:1.1em;margin-block-start:.2em}
.moves{display:grid;border-block-start:1px solid var(--line)}
.moves>li{display:grid;grid-template-columns:minmax(8rem,1fr) 4fr;gap:.2rem 1.5rem;padding-block:.75rem;border-block-end:1px solid var(--line-soft)}
.moves h3{font-size:1.12rem}
.alone{color:var(--ink-soft);font-size:.84rem}
.params{color:var(--ink-soft);font-size:.9rem}
.bands{margin-block-start:.45rem}
.bands li{display:grid;grid-template-columns:minmax(16.5rem,1fr) 2fr;gap:0 1.2rem;padding-block:.3rem;border-block-start:1px solid var(--line-soft)}
.bands b{color:var(--cut);font-weight:600}
.masters{display:grid;gap:1.2rem}
.masters>*,.proof>*{min-width:0}
.certificate{background:var(--sheet);border:1px solid var(--line);border-radius:.75rem;padding:clamp(1rem,2.5vw,1.6rem)}
.certificate header{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:.2rem 1.5rem}
.certificate .big{font:500 1.9rem/1.2 var(--display);letter-spacing:-.01em}
.certificate .label h1.long{font-size:clamp(1.3rem,1.1rem + 1.2vw,2rem);line-height:1.18}
.song-facts{padding-block:.1rem .9rem;font-size:.9rem}
.why{padding-inline-start:.8rem;border-inline-start:3px solid var(--note);margin-block-end:.9rem}
.reduction{margin-block-start:.35rem}
.limiting{color:var(--ink-soft);font-size:.9rem;padding-block-end:.6rem}
.proof{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1rem 2.2rem;padding-block-start:1rem}
.checks{display:grid;gap:.4rem;align-content:start;font-size:.92rem}
.checks li{display:grid;grid-template-columns:1.2em 1fr;gap:.5em}
.checks svg{width:1.15em;height:1.15em;margin-block-start:.15em}
.proof table{font-size:.88rem}.proof tbody th,.proof td{padding-block:.2rem}.proof td{white-space:normal}
.file{padding-block-start:.9rem;font-size:.82rem;color:var(--ink-soft);overflow-wrap:anywhere}
code{font-family:var(--mono);font-size:.95em}
.provenance{display:grid;gap:.3rem;font-size:.88rem}
.provenance div{display:grid;grid-template-columns:minmax(8rem,1fr) 5fr;gap:0 1rem}
.provenance dt{color:var(--ink-soft)}.provenance dd{overflow-wrap:anywhere}
.foot{padding-block:2.5rem 2rem;font-size:.84rem;color:var(--ink-soft)}
:focus-visible{outline:2px solid var(--cut);outline-offset:3px}
@media (max-width:44rem){
.label{grid-template-columns:1fr}.disc{display:none}
.minor{display:none}
.moves>li,.bands li,.provenance div{grid-template-columns:1fr}
th,td{padding-inline-start:.5rem}
.overview table{font-size:.86rem}.overview td,.overview th,.proof th,.proof td,.numbers th{white-space:normal}.proof th,.proof td,.numbers th,.numbers td{padding-inline-start:.35rem}.overview .verdict svg{display:none}}
@media print{
@page{margin:14mm 13mm}
:root,.sleeve{${day};--paper:#fff;--sheet:#fff;--lacquer:#fff;--lacquer-high:#fff;color-scheme:light}
html{font-size:8.6pt}
body{background:#fff}
.masthead,main,.foot{width:100%}
.masthead{padding-block:0 .6rem}
.sleeve{padding:0 0 .8rem;border-radius:0;background:none;color:var(--ink);border-block-end:1.5px solid var(--ink)}
.disc{width:8rem}.groove{stroke:#cdd3cc}.disc-range{fill:#b4531b33}.hole{fill:#fff}
section{padding-block-start:1.3rem}
h2,.label,thead,header{break-after:avoid}
.certificate,.moves>li,tr,figure,.provenance,.tone{break-inside:avoid}
details{display:none}
.certificate{padding:.9rem}.masters{gap:.8rem}.certificate .big{font-size:1.5rem}.proof{padding-block-start:.4rem}.proof tbody th,.proof tbody td{padding-block:.06rem}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
