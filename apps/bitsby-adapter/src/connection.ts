import type { InvoiceCore } from '@quittance/contracts';
import type { BitsbyConfig } from './config.ts';
import { asUnanswered, NotSentError, refusedBy, unavailable, unclear } from './errors.ts';
import { createHttpClient, type Fields } from './http-client.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import type { Patience } from './patience.ts';
import type { Timing } from './timing.ts';
import { createTurns } from './turns.ts';

type Call = (path: string, fields: Fields, patience: Patience) => Promise<unknown>;

/** Bitsby's API, at its pace. */
export interface Connection {
  /** The answer to a question. @throws DomainError `unavailable`, however it fails */
  ask: Call;
  /**
   * The answer to a request that changes something, which is made once.
   * @throws DomainError `provider_refused`, `unavailable` when nothing happened, else `outcome_unknown`
   */
  order: Call;
}

export const connect = ({
  config,
  pace,
  timing,
}: {
  config: BitsbyConfig;
  pace: InvoiceCore['pace'];
  timing: Timing;
}): Connection => {
  const post = createHttpClient(config);
  const turns = createTurns({ config, pace, timing });

  const send = async (path: string, fields: Fields): Promise<Meaning> => {
    try {
      return meaningOf(await post(path, fields));
    } catch (error) {
      throw error instanceof NotSentError ? unavailable(error.message, error) : unclear(error);
    }
  };

  const order: Call = async (path, fields, patience) => {
    const answered = await turns.run(patience.next(), () => send(path, fields));
    switch (answered.kind) {
      case 'done':
        return answered.data;
      case 'refused':
        throw refusedBy(answered);
      case 'not_served':
        throw unavailable(answered.message);
      case 'unclear':
        throw unclear();
    }
  };

  const ask: Call = async (...call) => {
    try {
      return await order(...call);
    } catch (error) {
      throw asUnanswered(error);
    }
  };
  return { ask, order };
};
