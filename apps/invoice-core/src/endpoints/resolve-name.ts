import type { LookupAddress } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';

/** Every address of a name. */
export type ResolveName = (name: string) => Promise<LookupAddress[]>;

/** How often a name server is asked that does not answer. */
const tries = 2;

const hasNoAddress = new Set(['ENOTFOUND', 'ENODATA']);

const isNoAddress = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && hasNoAddress.has(String(error.code));

/** As the system does it: hosts file and all. */
export const resolveLocally: ResolveName = (name) => lookup(name, { all: true });

/**
 * Asks name servers without the system's lookup, of which a process does four at a time: names whose servers hang
 * would keep every other waiting. Only a name that name servers do not know is looked for in the system's own files.
 * @param servers the system's where absent
 * @param timeoutMs how long a name server may take to answer for the first time
 */
export const createResolver = ({
  servers,
  timeoutMs = 2000,
}: { servers?: readonly string[]; timeoutMs?: number } = {}): ResolveName => {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (servers) resolver.setServers(servers);

  const addressesOf = async (family: 4 | 6, name: string): Promise<LookupAddress[]> => {
    try {
      const found = await (family === 4 ? resolver.resolve4(name) : resolver.resolve6(name));
      return found.map((address) => ({ address, family }));
    } catch (error) {
      if (isNoAddress(error)) return [];
      throw error;
    }
  };

  return async (name) => {
    const [v4, v6] = await Promise.allSettled([addressesOf(4, name), addressesOf(6, name)]);
    const found = [v4, v6].flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    if (found.length > 0) return found;
    for (const one of [v4, v6]) if (one.status === 'rejected') throw one.reason;
    return resolveLocally(name);
  };
};
