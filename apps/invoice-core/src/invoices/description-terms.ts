import type { Transaction } from '../store/store.ts';

const words = /[\p{L}\p{M}\p{N}]+/gu;
const accents = /[\u0300-\u036f]/g;

/** Longer words are known by their beginning: an index entry has a size limit on PostgreSQL. */
const maxTermLength = 100;

/** More than the 1000 characters of a description have, unless single characters decompose into several words. */
const maxTerms = 512;

/** Upper before lower case, so that every way to write a word ends the same (`Straße`, `STRASSE`). */
const fold = (text: string): string =>
  text.normalize('NFKD').replace(accents, '').normalize('NFC').toUpperCase().toLowerCase();

/**
 * The words of a text as they are looked up: runs of letters, marks and digits, each once, without case and without
 * the accents of Latin, Greek and Cyrillic letters. A script without spaces makes one word of what stands together.
 */
export const termsOf = (text: string): string[] => {
  const found = fold(text).match(words) ?? [];
  return [...new Set(found.map((word) => word.slice(0, maxTermLength)))].slice(0, maxTerms);
};

/** Rows in an insert: few enough sizes that each is prepared once. */
const rowsAtOnce = 16;

/** Makes an invoice findable by the words of its description; in the transaction that inserts it. */
export const insertTerms = async (
  tx: Transaction,
  {
    accountId,
    publicId,
    description,
  }: { accountId: number; publicId: string; description: string | null },
): Promise<void> => {
  const rows = termsOf(description ?? '').map((term) => ({
    account_id: accountId,
    term,
    public_id: publicId,
  }));
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const values = rows.slice(start, start + rowsAtOnce);
    await tx.insertInto('invoice_terms').values(values).execute();
  }
};
