/** Nothing was generated. The message says why, and what to do. */
export class NotGenerated extends Error {}
