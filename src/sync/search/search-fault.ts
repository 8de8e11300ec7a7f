/** Azure AI Search cannot be reached, or refuses a request. */
export class SearchFault extends Error {
  readonly code = 'search-fault';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SearchFault';
  }
}
