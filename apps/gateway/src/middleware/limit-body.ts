import { DomainError } from '@quittance/rpc';
import { bodyLimit } from 'hono/body-limit';

/** Refuses a body that is larger, declared so or found so while reading, with `payload_too_large`. */
export const limitBody = (maxBytes: number) =>
  bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new DomainError('payload_too_large', `The body is larger than ${maxBytes} bytes`);
    },
  });
