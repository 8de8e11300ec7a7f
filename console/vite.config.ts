import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The pages are static files without inline scripts and styles, so that a strict Content-Security-Policy holds. */
export default defineConfig({
  root: path('.'),
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
