import { inkOn, readableOn } from "./Contrast.ts"
import { pageBackgrounds } from "./PageBackgrounds.ts"

/**
 * The style sheet of a page, which stands in its head. Text is told from its background by 4.5 : 1 in both themes,
 * whatever the accent.
 *
 * @param accent `#rrggbb`
 */
export const pageStyle = (accent: string): string => {
  const [onLight, onDark] = [readableOn(accent, pageBackgrounds.light), readableOn(accent, pageBackgrounds.dark)]
  return `:root{--a:${onLight};--k:${inkOn(onLight)}}@media(prefers-color-scheme:dark){:root{--a:${onDark};--k:${inkOn(onDark)}}}${rules}`
}

const rules = [
  ":root{color-scheme:light dark;--bg:#f5f6f8;--c:#fff;--f:#161a20;--s:#59616d;--b:#e3e6ea;--u:#157a45;--g:#8a6100;--p:#b04a08;--d:#c4202d;--m:#2358c4;--n:#59616d;--bu:#2f9e63;--bp:#d97b1f;--bd:#d3313c;--bn:#c6cbd2}",
  "@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--c:#161b22;--f:#e8ebef;--s:#9ba5b1;--b:#2a313a;--u:#4cc38a;--g:#e0b13c;--p:#f5944a;--d:#ff7b7b;--m:#7ab3ff;--n:#9ba5b1;--bu:#35a06a;--bp:#e0913a;--bd:#f0585c;--bn:#3d4652}}",
  "*{box-sizing:border-box;margin:0}html{-webkit-text-size-adjust:100%}body{background:var(--bg);color:var(--f);font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}",
  "header,main,footer{max-width:54rem;margin:auto;padding:0 1.25rem}header{display:flex;flex-wrap:wrap;gap:.75rem 1.5rem;align-items:center;justify-content:space-between;padding-top:2.5rem;padding-bottom:1.75rem}header a{color:inherit;text-decoration:none}header .x{flex:1 0 100%;color:var(--s)}header img{display:block;max-height:3rem;max-width:14rem}",
  "h1{font-size:1.4rem;line-height:1.25;letter-spacing:-.015em}h2{font-size:1.05rem;margin:2.25rem 0 .75rem}h3{font-size:1rem;font-weight:600}h1,h2,h3,.o b{text-wrap:balance}:lang(ja){word-break:auto-phrase}time{white-space:nowrap}p+p,h1+p{margin-top:.5rem}p+.w,.r+.w{margin-top:.2rem}.x{color:var(--f)}ul,ol{list-style:none;padding:0}a{color:var(--a);text-underline-offset:.2em}.w{color:var(--s)}small,.w{font-size:.875rem}.x{white-space:pre-wrap}",
  ":focus-visible{outline:3px solid var(--a);outline-offset:2px;border-radius:4px}.h{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}a.h:focus{clip-path:none;width:auto;height:auto;padding:.5rem 1rem;background:var(--c);z-index:1}",
  ".c{background:var(--c);border:1px solid var(--b);border-radius:14px;padding:0 1.25rem;box-shadow:0 1px 2px #0000000a}.c>li,.c>article{padding:1.1rem 0}.c>*+*{border-top:1px solid var(--b)}.q{padding:1.25rem}.q>*+*{border:0}.q>nav{margin-bottom:0}",
  ".r{display:flex;flex-wrap:wrap;gap:.15rem 1rem;justify-content:space-between;align-items:baseline}.t{display:inline-flex;gap:.4rem;align-items:center;font-size:.875rem;font-weight:500;color:var(--n)}",
  ".u{color:var(--u)}.g{color:var(--g)}.p{color:var(--p)}.d{color:var(--d)}.m{color:var(--m)}.n{color:var(--n)}.i{width:1.1em;height:1.1em;flex:none;fill:currentColor}.i,symbol{overflow:visible}symbol path{stroke:var(--c);stroke-width:2;fill:none;stroke-linecap:round;stroke-linejoin:round}symbol .s{fill:currentColor;stroke:currentColor}",
  ".o{display:flex;gap:1rem;align-items:center;padding:1.4rem 1.25rem;border-left:5px solid}.o>.i{width:2.25rem;height:2.25rem}.o>*+*{border:0}.o b{display:block;font-size:1.3rem;line-height:1.3;letter-spacing:-.015em;color:var(--f)}.o small{display:block;line-height:1.4;margin-top:.15rem}",
  ".b{display:block;width:100%;height:34px;margin:.65rem 0 .35rem}.bu,.bp,.bd,.bn{stroke-dasharray:3 1;stroke-linecap:butt;fill:none}.bu{stroke:var(--bu);stroke-width:24}.bp{stroke:var(--bp);stroke-width:28}.bd{stroke:var(--bd);stroke-width:32}.bn{stroke:var(--bn);stroke-width:8}",
  ".f{display:flex;justify-content:space-between;gap:.5rem;font-size:.8125rem;color:var(--s)}.y{font-weight:500;color:var(--f)}.y::before,.y::after{font-weight:400;color:var(--s);flex:1 1 0}.y::after{text-align:right}.y+.w{margin-top:.35rem}.w b{font-weight:500}",
  "summary{cursor:pointer;color:var(--s);font-size:.875rem;margin-top:.5rem}",
  ".v{margin-top:.9rem;padding-left:1rem;border-left:2px solid var(--b)}.v li+li{margin-top:.9rem}.e{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:.7rem 0;color:var(--s)}.e+.e{border-top:1px solid var(--b)}.e h3,.e h2{margin:0;font-size:1rem;min-width:9rem;font-weight:500;color:var(--f)}.e>div{flex:1 1 18rem}.e>p{margin:0}.e article+article{margin-top:1rem}.e summary{margin:0}.e .v~.w{margin-top:.75rem}.e summary b{color:var(--f);font-weight:500;font-size:1rem}.e summary span{display:block}.e summary span,.e details>:not(summary){margin-left:1rem}",
  "nav{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;justify-content:space-between;margin:1.25rem 0}.z{display:inline-block;border:1px solid transparent;border-radius:9px;padding:.55rem 1rem;font:inherit;font-weight:600;background:var(--a);color:var(--k);text-decoration:none;cursor:pointer}header a.z{color:var(--k)}",
  "footer{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;justify-content:space-between;padding-top:2.5rem;padding-bottom:3rem;font-size:.875rem;color:var(--s)}a+a{margin-left:.75rem}.j{margin-bottom:1rem;border-left:5px solid var(--g)}",
].join("")

/** What documents with charts say besides. */
export const chartStyle =
  ".k{position:relative;padding-top:1.75rem}.k>svg{display:block;width:100%;height:88px;border-bottom:1px solid var(--b)}.k path{vector-effect:non-scaling-stroke}.l{fill:none;stroke:var(--a);stroke-width:2;stroke-linejoin:round}.k .a{fill:var(--a);opacity:.13}.k b{font-weight:400;position:absolute;top:.25rem;left:0;font-size:.75rem;color:var(--s);background:var(--c);padding-right:.4rem}.k .f{margin-top:.35rem}.k .i{vertical-align:-.2em}.k+.w{margin-top:1rem}.k ul{margin-top:.5rem}"

/** What documents with forms say besides. */
export const formStyle =
  "form+p{margin-top:1.75rem}form{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end;margin-top:1rem}label{flex:1 1 14rem;font-weight:500;font-size:.875rem}input{display:block;width:100%;margin-top:.25rem;padding:.55rem .75rem;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--n);border-radius:9px}"
