/**
 * Where a request came from: the address of the connection, or what the nth proxy from our side saw. What stands
 * further left in X-Forwarded-For was written by the client, who may have made it up.
 * @param trustedProxies how many proxies stand in front and append to the header
 */
export function clientAddress(headers: Headers, connectionAddress: string, trustedProxies: number): string {
  if (trustedProxies === 0) return connectionAddress;
  const seen = (headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  return seen.at(-trustedProxies) ?? connectionAddress;
}
