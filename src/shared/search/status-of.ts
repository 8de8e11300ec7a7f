/** The HTTP status with which Azure AI Search has refused a request; undefined for other errors. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : undefined;
}
