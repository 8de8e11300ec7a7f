/** Azure AI Search cannot be reached, or refuses a request. */
export class SearchFault extends Error {
  readonly code = 'search-fault';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SearchFault';
  }
}

/** The fault of documents that the service refuses for good, by their statuses. */
export function refusalOf(refused: ReadonlyMap<unknown, number>): SearchFault {
  return new SearchFault(`${refused.size} documents were refused: status ${[...refused.values()][0]}.`);
}
