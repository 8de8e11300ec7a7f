/** List prices in USD for a month of 730 hours, by the unit: the numbers of the formulas in docs/deploy.md, which a test compares. */
export const PRICES = {
  apiManagementUnit: 700,
  generalPurposeVCore: 185,
  hyperscaleVCore: 185,
  /** Times the price of the vCores, with three zones. */
  zones: 1.6,
  sqlGb: 0.12,
  hyperscaleGb: 0.25,
  throughputUnit: 22,
  captureUnit: 75,
  millionEvents: 0.03,
  processingUnit: 900,
  capacityUnit: 5_000,
  thousandRequestUnits: 88,
  cosmosGb: 0.25,
  functionGbSecond: 0.000026,
  millionExecutions: 0.4,
  storageGb: 0.02,
  millionWrites: 5,
  logGb: 3,
  millionKeyOperations: 15,
} as const;

export const SECONDS_PER_MONTH = 730 * 3600;
export const SECONDS_PER_YEAR = 365 * 86_400;
