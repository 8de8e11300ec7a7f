/** The version of every projection in the next version of the app. */
export const NEXT_VERSION = 99;
/** Suffix of customer names on the order page in the next version, by which a test recognizes a rebuilt document. */
export const NEXT_NAME_ENDING = ', as of the next version';
