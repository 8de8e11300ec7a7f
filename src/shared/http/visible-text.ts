/**
 * A character that people can see: not a space, a control or format character, one that fonts do not draw
 * (Default_Ignorable_Code_Point, such as the Hangul filler; https://www.unicode.org/reports/tr44/), or the blank Braille pattern.
 */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** True when a text has at least one character that people can see. */
export function hasVisibleCharacter(text: string): boolean {
  return VISIBLE.test(text);
}
