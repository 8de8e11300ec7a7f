import { readFileSync } from 'node:fs';
import type { ExportedSpan } from './otlp-messages.ts';

/** Each span of a trace as the names of its ancestors and its own name, with app and kind; equal ones are listed once. */
export type SpanTree = readonly string[];

const NAME_APP_KIND = /^( *)(\S.*?) {2,}(\S+) +(\S+)$/;

/** The trees in docs/architecture.md, by the name of their first span. */
export function documentedTrees(): ReadonlyMap<string, SpanTree> {
  const [, chapter = ''] = readFileSync('docs/architecture.md', 'utf8').split('\n## Traces\n');
  const [text = ''] = chapter.split('\n## ');
  const blocks = [...text.matchAll(/```text\n([\s\S]*?)```/g)].map(([, block = '']) => block.trimEnd().split('\n'));
  return new Map(blocks.map((lines) => [NAME_APP_KIND.exec(lines[0] ?? '')?.[2] ?? '', toTree(lines)]));
}

function toTree(lines: readonly string[]): SpanTree {
  const path: string[] = [];
  const spans = lines.map((line) => {
    const [, indent = '', name = '', app, kind] = NAME_APP_KIND.exec(line) ?? [];
    path.splice(indent.length / 2, path.length, name);
    return `${path.join(' > ')} (${app}, ${kind})`;
  });
  return [...new Set(spans)].sort();
}

/** The tree below one span of a trace. Calls of procedures are left out: only Azure SQL has them. */
export function treeOf(spans: readonly ExportedSpan[], first: ExportedSpan): SpanTree {
  const below = (span: ExportedSpan, ancestors: readonly string[]): readonly string[] => {
    const path = [...ancestors, span.name];
    const children = spans.filter(
      ({ traceId, parentSpanId }) => traceId === span.traceId && parentSpanId === span.spanId,
    );
    const own = `${path.join(' > ')} (${span.service}, ${span.kind})`;
    return [own, ...children.flatMap((child) => below(child, path))];
  };
  return [...new Set(below(first, []))].filter((line) => !line.includes('EXECUTE orders.')).sort();
}
