/** The API's limit for ids, in UTF-16 code units. */
const MAX_ID_LENGTH = 64;

/**
 * What the API does not accept in an id, and the escape character itself: control characters, slashes and backslashes, an encoded
 * slash or backslash, and ids that are dot segments of a path.
 */
const ESCAPED = /[\p{Cc}~/\\]|%(?=2f|5c)|^\.(?=\.?$)|(?<=^\.)\.$/giu;

/** A character that people can see. The API does not accept an id without any. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** The product id for a stock code, or why there is none. */
export type ProductId = { readonly id: string } | { readonly id?: never; readonly problem: 'too long' | 'not visible' };

/**
 * Returns the product id for a stock code without blanks at its ends. Most codes are their own id. A character that ids cannot have is
 * written as `~` and its two hexadecimal digits: `85123/A` is `85123~2FA`. Different codes always have different ids.
 */
export function toProductId(stockCode: string): ProductId {
  const id = stockCode.replaceAll(ESCAPED, (character) => `~${hexOf(character)}`);
  if (!VISIBLE.test(id)) return { problem: 'not visible' };
  return id.length > MAX_ID_LENGTH ? { problem: 'too long' } : { id };
}

/** Returns the stock code for a product id. The inverse of toProductId. */
export function toStockCode(productId: string): string {
  return productId.replaceAll(/~([0-9A-F]{2})/g, (_escape, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** All escaped characters are below U+0100. */
function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}
