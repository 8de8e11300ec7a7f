import { Marked, type Token } from 'marked';

/** A chapter of the runbook, which the console shows. */
export interface Chapter {
  /** As in the links of docs/operations.md, such as `dead-letters`. */
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

const marked = new Marked({
  renderer: {
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      if (href.startsWith('#')) return `<a href="/runbook/${href.slice(1)}">${text}</a>`;
      return href.startsWith('https://') ? `<a href="${href}">${text}</a>` : text; // other documents are not served
    },
  },
});

/** The chapters of docs/operations.md: everything below a heading of the second level. What is before the first is not part of one. */
export function runbookChapters(markdown: string): readonly Chapter[] {
  const chapters: { readonly title: string; readonly tokens: Token[] }[] = [];
  for (const token of marked.lexer(markdown)) {
    if (token.type === 'heading' && token.depth === 2) chapters.push({ title: token.text, tokens: [] });
    else chapters.at(-1)?.tokens.push(token);
  }
  return chapters.map(({ title, tokens }) => ({ id: toId(title), title, html: scrollable(marked.parser(tokens)) }));
}

/** The id of a heading in links, as GitHub makes it. */
const toId = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

/** Wide code and tables scroll, also with the keyboard. */
const scrollable = (html: string): string =>
  html
    .replaceAll('<pre>', '<pre tabindex="0">')
    .replaceAll('<table>', '<div class="table-scroll" tabindex="0"><table class="table">')
    .replaceAll('</table>', '</table></div>');
