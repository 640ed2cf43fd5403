import { z } from 'zod';

/** Text that every database can hold and that comes back as it was sent: no NUL, no half of a surrogate pair. */
export const StorableText = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes('\0'), {
    error: 'must be valid Unicode text without NUL',
  });
