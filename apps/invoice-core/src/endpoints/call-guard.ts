import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { DomainError } from '@quittance/rpc';
import ipaddr from 'ipaddr.js';
import type { Deps } from '../deps.ts';
import type { ResolveName } from './resolve-name.ts';

export type CallRules = Pick<Deps, 'sandbox' | 'webhookNetworks'>;

/** We do not call that. The message is safe to show. */
export class RefusedCallError extends Error {
  override name = 'RefusedCallError';
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Where everything is that the internet's registries have given out: https://www.iana.org/assignments/ipv6-unicast-address-assignments */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** What stands for an IPv4 address wherever there is NAT64: https://www.rfc-editor.org/rfc/rfc6052#section-2.1 */
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Where the receivers of a developer's machine are. Link-local addresses, where clouds hand out credentials, are not among them. */
const sandboxRanges = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/** The address that is called in the end. */
const unwrap = (text: string): Address => {
  const address = ipaddr.process(text);
  return address instanceof ipaddr.IPv6 && address.match(nat64)
    ? ipaddr.fromByteArray(address.toByteArray().slice(-4))
    : address;
};

const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' && (address instanceof ipaddr.IPv4 || address.match(globalUnicast));

const isWithin = (address: Address, network: string): boolean => {
  const [base, bits] = ipaddr.parseCIDR(network);
  return address.kind() === base.kind() && address.match(base, bits);
};

/** Whether an IP address may be called: a public one, or one of the networks that the operator lists. */
export const isCallableAddress = (
  { sandbox, webhookNetworks }: CallRules,
  text: string,
): boolean => {
  if (!ipaddr.isValid(text)) return false;
  const address = unwrap(text);
  return (
    isPublic(address) ||
    (sandbox && sandboxRanges.has(address.range())) ||
    webhookNetworks.some((network) => isWithin(address, network))
  );
};

/** The address that a host is without being looked up; undefined for any other name. */
const literalAddress = (hostname: string): string | undefined => {
  const host = hostname.replace(/^\[|\]$|\.$/g, '');
  if (/^(?:.*\.)?localhost$/.test(host)) return '127.0.0.1';
  return ipaddr.isValid(host) ? host : undefined;
};

/** Why a URL is never called; undefined for one that may be, depending on what its name resolves to. */
export const refusalOf = (rules: CallRules, text: string): string | undefined => {
  const url = URL.parse(text);
  if (!url) return 'must be a URL';
  const { protocol, username, password, hostname } = url;
  if (protocol !== 'https:' && !(rules.sandbox && protocol === 'http:')) return 'must be https';
  if (username !== '' || password !== '') return 'cannot have a user name or a password in it';
  const literal = literalAddress(hostname);
  return literal === undefined || isCallableAddress(rules, literal)
    ? undefined
    : 'cannot be a private address';
};

/** @throws DomainError `invalid_request` for a URL that is never called */
export const assertCallable = (rules: CallRules, url: string): void => {
  const refusal = refusalOf(rules, url);
  if (refusal !== undefined) throw new DomainError('invalid_request', refusal, { param: 'url' });
};

/**
 * Looks a name up for the connection that is about to be made to what it gives, so that no later answer of a name
 * server counts. A name with any address that may not be called is not called at all.
 */
export const guardedLookup =
  (rules: CallRules, resolve: ResolveName): LookupFunction =>
  (name, { all }, callback) => {
    const find = async (): Promise<[LookupAddress, ...LookupAddress[]]> => {
      const [first, ...others] = await resolve(name);
      if (!first) throw new RefusedCallError('The name has no address');
      const found = [first, ...others] as const;
      if (found.every(({ address }) => isCallableAddress(rules, address))) return [...found];
      throw new RefusedCallError('The name resolves to a private address');
    };
    callbackify(find)((error, found) => {
      if (error) callback(error, []);
      else if (all === true) callback(null, found);
      else callback(null, found[0].address, found[0].family);
    });
  };
