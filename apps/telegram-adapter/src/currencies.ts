import { readFileSync } from 'node:fs';
import { type CurrencyLimits, exponentOf, isCurrency } from '@quittance/contracts';
import { ConfigError } from '@quittance/runtime';
import { z } from 'zod';
import telegramsTable from './currencies.json' with { type: 'json' };

export type Limits = Record<string, z.infer<typeof CurrencyLimits>>;

const wholeNumber = z
  .union([z.string().regex(/^\d+$/), z.number()])
  .transform(Number)
  .pipe(z.int().positive());

const Table = z.record(
  z.string(),
  z.object({ exp: z.int().min(0), min_amount: wholeNumber, max_amount: wholeNumber }),
);

const tableIn = (file: string): z.infer<typeof Table> => {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Table.parse(content);
  } catch (cause) {
    const message = `TELEGRAM_CURRENCIES_FILE: ${file} is not a table such as Telegram's currencies.json`;
    throw new ConfigError(message, { cause });
  }
};

/**
 * What Telegram takes for one invoice. Its limits on money follow exchange rates, about 1 to 10,000 USD, at
 * https://core.telegram.org/bots/payments/currencies.json; `currencies.json` has them as they were in 2022, and for Stars
 * a maximum of ours, since none is documented. A currency that we do not know, or that has other decimals with us, cannot
 * be collected.
 * @throws ConfigError for a file that holds no such table
 */
export const readLimits = (file: string | undefined): Limits => {
  const { XTR, ...rest } = telegramsTable;
  const table = {
    ...Table.parse({ XTR }),
    ...(file === undefined ? Table.parse(rest) : tableIn(file)),
  };
  return Object.fromEntries(
    Object.entries(table)
      .filter(([code, { exp }]) => isCurrency(code) && exponentOf(code) === exp)
      .map(([code, { min_amount: min, max_amount: max }]) => [code, { min, max, step: 1 }]),
  );
};
