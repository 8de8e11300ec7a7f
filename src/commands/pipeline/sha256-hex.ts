import { hash } from 'node:crypto';

/** SHA-256 of a text in 64 hex digits, which fit into a column, however long the text is. */
export const sha256Hex = (text: string): string => hash('sha256', text);
