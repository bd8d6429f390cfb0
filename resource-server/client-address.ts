import { type NetworkRule, parseAddress } from './networks';

/** Where a request came from, as far as the server that received it can tell. */
export interface Peer {
  /** Address of the other end of the connection (`socket.remoteAddress`). */
  readonly remoteAddress?: string;
  /** Value of the header X-Forwarded-For; several lines of it joined by commas, as Node does. */
  readonly forwardedFor?: string;
}

/**
 * Tells the address of the client: the peer of the connection, or, if that is a trusted proxy, the right-most address of
 * X-Forwarded-For that is no trusted proxy. What stands left of that one was written by the client and is not looked at.
 *
 * @param trustedProxies proxies that append the address of their own peer to X-Forwarded-For, on every request
 * @returns undefined if it can't be told: a hop that is no address, or nothing but trusted proxies
 */
export function clientAddress(peer: Peer, trustedProxies?: NetworkRule): string | undefined {
  // A socket of a link-local peer adds the zone, which names an interface of this machine.
  const nearest = peer.remoteAddress?.replace(/%.*$/, '');
  const hops = [...(peer.forwardedFor?.split(',').map((hop) => hop.trim()) ?? []), nearest ?? ''];
  for (const hop of hops.reverse()) {
    const address = parseAddress(hop)?.toString();
    if (address === undefined) return undefined;
    if (!trustedProxies?.contains(address)) return address;
  }
  return undefined;
}
