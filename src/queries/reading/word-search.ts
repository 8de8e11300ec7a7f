import * as z from 'zod';
import { searchWords } from '../../shared/read-models/search-words.ts';

/** Maximum words of a search, and prefixes. Each prefix is compared with the words of every record that matches the other conditions. */
export const MAX_WORDS = 8;

const DESCRIPTION = `Words or prefixes of words, in any order, which must all match, without regard to case and accents. In scripts \
without spaces between words, such as Chinese and Thai, any part of a text matches. Text without a letter or a digit matches nothing.`;

/** The parameter `q`, with an example and an additional description. */
export function searchText({ example, note = '' }: { readonly example: string; readonly note?: string }) {
  return z
    .string()
    .max(200, 'must have at most 200 characters')
    .trim()
    .default('')
    .refine((text) => searchWords(text).length <= MAX_WORDS, `must have at most ${MAX_WORDS} words`)
    .meta({ description: `${DESCRIPTION} ${note}`.trim(), examples: [example] });
}
