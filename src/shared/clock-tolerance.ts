/** Maximum difference (seconds) between this app's clock and the clock of a client or of the issuer of tokens. */
export const CLOCK_TOLERANCE_SECONDS = 60;
