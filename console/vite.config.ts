import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { runbookChapters } from '../scripts/console/runbook.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Imports of docs/operations.md are its chapters. */
const runbook: Plugin = {
  name: 'runbook',
  transform: (text, id) =>
    id.endsWith('/docs/operations.md') ? `export const chapters = ${JSON.stringify(runbookChapters(text))}` : undefined,
};

/** The pages are static files without inline scripts and styles, so that a strict Content-Security-Policy holds. */
export default defineConfig({
  root: path('.'),
  plugins: [runbook],
  resolve: { alias: { 'cqrs-orders-client': path('../clients/typescript/src/index.ts') } },
  build: {
    outDir: path('../dist/console'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
