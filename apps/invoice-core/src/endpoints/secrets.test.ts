import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seal, unseal } from './secrets.ts';

const deps = { encryptionKey: randomBytes(32) };

describe('a sealed text', () => {
  test('is read again, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unseal(deps, seal(deps, text))).toBe(text);
      }),
    );
  });

  test('is another each time', () => {
    expect(seal(deps, 'hush')).not.toBe(seal(deps, 'hush'));
  });

  test('says nothing to another key, and says so', () => {
    const other = { encryptionKey: randomBytes(32) };
    expect(() => unseal(other, seal(deps, 'hush'))).toThrow('ENCRYPTION_KEY');
  });

  test('is not read when any of it was changed', () => {
    const sealed = seal(deps, 'hush');
    const bytes = Buffer.from(sealed.slice('v1:'.length), 'base64');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8((bytes.readUInt8(index) + 1) % 256, index);
      expect(() => unseal(deps, `v1:${changed.toString('base64')}`)).toThrow();
    }
    for (const wrong of [
      '',
      'hush',
      sealed.slice(1),
      `v2${sealed.slice(2)}`,
      sealed.slice(0, 20),
    ]) {
      expect(() => unseal(deps, wrong)).toThrow('This is no sealed text');
    }
  });
});
