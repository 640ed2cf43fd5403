import { randomUUID } from 'node:crypto';
import { randomText } from '../../random-text.ts';
import type { Wallet } from '../state.ts';

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const bech32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const mixedHex = '0123456789abcdefABCDEF';

// The addresses look right but have no valid checksum, so that no real wallet sends anything there.
const tronAddress = (): string => `T${randomText(33, base58)}`;
const ethereumAddress = (): string => `0x${randomText(40, mixedHex)}`;
const bitcoinAddress = (): string => `bc1q${randomText(38, bech32)}`;

const wallet = (fields: Omit<Wallet, 'id'>): Wallet => ({ id: randomUUID(), ...fields });

/** What a seller would have entered in Bitsby's panel. Wallets of Ethereum's kind share an address, as there. */
export const newWallets = (): Wallet[] => {
  const shared = ethereumAddress();
  return [
    wallet({
      name: 'usdt-tron',
      blockchain: 'tron',
      cryptocurrency: 'usdt',
      address: tronAddress(),
    }),
    wallet({
      name: 'usdt-bnb',
      blockchain: 'bnbSmartChain',
      cryptocurrency: 'usdt',
      address: shared,
    }),
    wallet({ name: 'eth', blockchain: 'ethereum', cryptocurrency: 'eth', address: shared }),
    wallet({
      name: 'btc',
      blockchain: 'bitcoin',
      cryptocurrency: 'btc',
      address: bitcoinAddress(),
    }),
  ];
};

/** A transaction hash as the wallet's blockchain writes it. */
export const newTransactionHash = ({ blockchain }: Wallet): string => {
  const hash = randomText(64, '0123456789abcdef');
  return blockchain === 'tron' || blockchain === 'bitcoin' ? hash : `0x${hash}`;
};
