import { DomainError } from '@quittance/rpc';
import { describe, expect, test } from 'vitest';
import { assertCallable, type CallRules, guardedLookup } from './call-guard.ts';

const live: CallRules = { sandbox: false, webhookNetworks: [] };
const sandbox: CallRules = { sandbox: true, webhookNetworks: [] };

const refusal = (rules: CallRules, url: string): string | undefined => {
  try {
    assertCallable(rules, url);
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error).toMatchObject({ code: 'invalid_request', param: 'url' });
    return error.message;
  }
};

/** Every kind of address that is not the public internet, https://www.iana.org/assignments/iana-ipv4-special-registry */
const notPublic = `
  127.0.0.1 127.255.255.254 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255
  169.254.169.254 169.254.0.1 100.64.0.1 100.127.255.255 0.0.0.0 0.1.2.3 255.255.255.255 224.0.0.1 240.0.0.1
  192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1
  [::1] [::] [fe80::1] [febf::1] [fc00::1] [fdff::1] [fd00:ec2::254] [fec0::1] [ff02::1]
  [::ffff:127.0.0.1] [::ffff:10.0.0.1] [::ffff:169.254.169.254] [::127.0.0.1]
  [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::1] [2002:7f00:1::] [2001:0:7f00:1::]
  [2001:db8::1] [100::1] [4000::1]`
  .trim()
  .split(/\s+/);

describe('a literal address that is never called', () => {
  test.each(notPublic)('%s', (host) => {
    expect(refusal(live, `https://${host}/hook`)).toBe('cannot be a private address');
  });

  test.each([
    '2130706433',
    '0x7f.1',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '017700000001',
    '127.0.0.1.',
    '１２７.0.0.1',
    '0',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'app.localhost',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:7f00:1]',
  ])('%s, which is loopback in disguise', (host) => {
    expect(refusal(live, `https://${host}/hook`)).toBe('cannot be a private address');
  });
});

test.each([
  'https://example.com/hook',
  'https://example.com:8443/hook?token=1',
  'https://93.184.215.14/',
  'https://172.15.0.1/',
  'https://172.32.0.1/',
  'https://100.63.0.1/',
  'https://100.128.0.1/',
  'https://[2606:4700::1111]/',
  'https://[64:ff9b::5db8:d70e]/',
  'https://localhost.example/',
])('%s may be called', (url) => {
  expect(refusal(live, url)).toBeUndefined();
});

test('only https, and no credentials', () => {
  expect(refusal(live, 'http://example.com/')).toBe('must be https');
  expect(refusal(sandbox, 'ftp://example.com/')).toBe('must be https');
  const credentials = 'cannot have a user name or a password in it';
  expect(refusal(live, 'https://ada@example.com/')).toBe(credentials);
  expect(refusal(live, 'https://:secret@example.com/')).toBe(credentials);
  expect(refusal(sandbox, 'http://ada:secret@127.0.0.1/')).toBe(credentials);
  expect(refusal(live, 'not a url')).toBe('must be a URL');
});

test('in the sandbox, what is on the developer’s machine and network may be called, metadata services not', () => {
  const local = ['http://127.0.0.1:4000/', 'http://localhost:4000/', 'http://[::1]:4000/'];
  const near = [
    'http://10.0.0.1/',
    'http://192.168.1.2/',
    'http://100.64.0.1/',
    'http://[fd00::1]/',
  ];
  for (const url of [...local, ...near]) expect(refusal(sandbox, url)).toBeUndefined();
  for (const url of ['http://169.254.169.254/', 'http://[fe80::1]/', 'http://0.0.0.0/']) {
    expect(refusal(sandbox, url)).toBe('cannot be a private address');
  }
});

test('networks that the operator lists may be called, and no others', () => {
  const rules: CallRules = { sandbox: false, webhookNetworks: ['10.1.0.0/16', 'fd12::/32'] };
  for (const host of ['10.1.2.3', '[::ffff:10.1.2.3]', '[fd12::1]']) {
    expect(refusal(rules, `https://${host}/`)).toBeUndefined();
  }
  for (const host of ['10.2.0.1', '127.0.0.1', '[fd13::1]', 'localhost']) {
    expect(refusal(rules, `https://${host}/`)).toBe('cannot be a private address');
  }
  expect(
    refusal({ ...live, webhookNetworks: ['127.0.0.0/8'] }, 'https://localhost/'),
  ).toBeUndefined();
  expect(refusal(rules, 'http://10.1.2.3/')).toBe('must be https');
});

describe('the lookup of a connection', () => {
  const lookUp = (rules: CallRules, addresses: string[], all = true): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const found = addresses.map((address) => ({
        address,
        family: address.includes(':') ? 6 : 4,
      }));
      guardedLookup(rules, async () => found)('shop.test', { all }, (error, address, family) => {
        if (error) reject(error);
        else resolve(all ? address : [address, family]);
      });
    });

  test.each(notPublic.map((host) => host.replaceAll(/[[\]]/g, '')))(
    'refuses a name at %s',
    (address) =>
      expect(lookUp(live, [address])).rejects.toThrow('The name resolves to a private address'),
  );

  test('refuses a name that is at a public and a private address', () =>
    expect(lookUp(live, ['93.184.215.14', '10.0.0.1'])).rejects.toThrow('private address'));

  test('gives what it has looked at, in either form', async () => {
    const found = await lookUp(live, ['93.184.215.14', '2606:4700::1111']);
    expect(found).toEqual([
      { address: '93.184.215.14', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
    expect(await lookUp(live, ['93.184.215.14'], false)).toEqual(['93.184.215.14', 4]);
  });

  test('fails as the name servers do', async () => {
    const failing = guardedLookup(live, () => Promise.reject(new Error('no such name')));
    const ended = Promise.withResolvers<unknown>();
    failing('shop.test', { all: true }, ended.resolve);
    expect(await ended.promise).toMatchObject({ message: 'no such name' });
  });
});
