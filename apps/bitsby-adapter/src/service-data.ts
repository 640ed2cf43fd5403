import type { OpenInput } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import { z } from 'zod';

const ServiceData = z.object({ quittance: z.string(), data: z.string().nullable() });

/**
 * What Bitsby keeps with an invoice and never shows to the payer: whose it is, by which it is found again, and the
 * merchant's own data. JSON keeps line ends from the form's encoding, which would change them.
 */
export const toServiceData = ({ key, payload }: Pick<OpenInput, 'key' | 'payload'>): string =>
  JSON.stringify({ quittance: key, data: payload } satisfies z.infer<typeof ServiceData>);

/** Undefined for what no hub has written. */
export const readServiceData = (text: string): Pick<OpenInput, 'key' | 'payload'> | undefined => {
  try {
    const { success, data } = ServiceData.safeParse(parseJson(text));
    return success ? { key: data.quittance, payload: data.data } : undefined;
  } catch {
    return undefined;
  }
};
