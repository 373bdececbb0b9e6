/** One self-contained page: text, tables and charts, nothing loaded from anywhere. */
import type { Table } from './table.ts';

/** A part of a page: words, charts, tables. */
export interface HtmlSection {
  readonly title: string;
  /** Plain text, one paragraph each. */
  readonly text?: readonly string[];
  readonly tables?: readonly Table[];
  /** SVG documents of this room's charts. */
  readonly charts?: readonly string[];
}

const style = `body{font:15px/1.5 system-ui,sans-serif;color:#222;max-width:1000px;margin:2em auto;padding:0 1em}
h1{font-size:1.7em}h2{font-size:1.25em;margin-top:2em;border-bottom:1px solid #ccc}
table{border-collapse:collapse;margin:1em 0;font-size:13px;display:block;overflow-x:auto}caption{text-align:left;font-weight:600;padding:.3em 0}
th,td{padding:.25em .7em;border-bottom:1px solid #e4e4e4;text-align:left;font-variant-numeric:tabular-nums}th{background:#f5f5f3}
svg{max-width:100%;height:auto}nav a{margin-right:1em}`;

/** A self-contained page: no other file is needed to read it. */
export function htmlPage(title: string, sections: readonly HtmlSection[]): string {
  const links = sections.map((section, i) => `<a href="#s${i}">${escaped(section.title)}</a>`).join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>${style}</style></head><body>
<h1>${escaped(title)}</h1>
<nav>${links}</nav>
${sections.map(sectionHtml).join('\n')}
</body></html>
`;
}

function sectionHtml({ title, text = [], tables = [], charts = [] }: HtmlSection, index: number): string {
  return [
    `<section id="s${index}"><h2>${escaped(title)}</h2>`,
    ...text.map((paragraph) => `<p>${escaped(paragraph)}</p>`),
    ...charts.map((svg, i) => `<figure>${ownIds(svg, `s${index}c${i}`)}</figure>`),
    ...tables.map(tableHtml),
    '</section>',
  ].join('\n');
}

function tableHtml({ title, columns, rows }: Table): string {
  const row = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const caption = title === undefined ? '' : `<caption>${escaped(title)}</caption>`;
  return `<table>${caption}<thead>${row('th', columns)}</thead><tbody>${rows.map((cells) => row('td', cells)).join('\n')}</tbody></table>`;
}

/** Each chart numbers its clips from 0: on one page they would take each other's. */
function ownIds(svg: string, prefix: string): string {
  return svg.replace(/\bid="([^"]+)"/g, `id="${prefix}$1"`).replace(/url\(#([^)]+)\)/g, `url(#${prefix}$1)`);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
