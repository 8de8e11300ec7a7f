/** The version of every projection in the next version of the app. */
export const NEXT_VERSION = 99;
/** What customers' names on the order page end in then, so that a document in the new form shows that it is new. */
export const NEXT_NAME_ENDING = ', as of the next version';
