const LOCAL_ADDRESS = /^http:\/\/(?:localhost|127\.0\.0\.1):(?<port>\d+)\/?$/;

/** The port on which the stand-in for Azure AI Search is to listen; undefined when `SEARCH_ENDPOINT` names none on this machine. */
export function searchPortOf({ SEARCH_ENDPOINT: endpoint = '' }: Readonly<Record<string, string>>): number | undefined {
  const port = LOCAL_ADDRESS.exec(endpoint)?.groups?.port;
  return port === undefined ? undefined : Number(port);
}
